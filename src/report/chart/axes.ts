/** What the trade-off chart can put on its axes. */

import { formatBytes, formatKl, formatNumber } from '../format.ts';
import type { Metric } from '../metric.ts';
import { formatMetric, metricInfo } from '../metrics.ts';
import { pairedTime } from '../paired-time.ts';
import type { RunReport } from '../report.ts';
import type { LinearOptions } from './scale.ts';

/** What of a report the axes read; a run that is not reported yet has it, too. */
export type ChartedRun = Omit<RunReport, 'format' | 'version' | 'model'>;

export type AxisId = 'size' | 'gzip' | 'wasm' | 'webgpu' | 'accuracy' | 'kl' | 'cosine';

export interface Axis {
  readonly id: AxisId;
  readonly label: string;
  /** Within a sentence: "accuracy not measured". */
  readonly noun: string;
  /** Title with its unit: "Size, MB (log)". */
  readonly title: string;
  readonly log: boolean;
  readonly better: 'low' | 'high';
  /** Of scored rows: a run that was scored on fewer is not like the others. */
  readonly scored?: true;
  /** For linear axes: how close ticks may be, and what cannot be passed. */
  readonly linear?: LinearOptions;
  /** In the title's unit; null if the run lacks it. */
  readonly value: (run: ChartedRun) => number | null;
  /** Half-widths below and above of the paired 95 % interval; null if it has none. */
  readonly error: (run: ChartedRun) => readonly [number, number] | null;
  /** A value with its unit, for labels and tables. */
  readonly words: (value: number) => string;
}

const none = () => null;

/** Not in milliseconds: those of two runs are of different minutes. */
const latency = (id: 'wasm' | 'webgpu', label: string): Axis => ({
  id,
  label: `${label} time`,
  noun: `${label} latency`,
  title: `${label} time, % of the original’s (log)`,
  log: true,
  better: 'low',
  value: (run) => {
    const time = pairedTime(run, id);
    return time && time.ratio * 100;
  },
  error: (run) => {
    const time = run.kind === 'baseline' ? null : pairedTime(run, id);
    if (!time) return null;
    return [(time.ratio - time.interval.low) * 100, (time.interval.high - time.ratio) * 100];
  },
  words: (percent) => `${formatNumber(percent, percent < 10 ? 1 : 0)} %`,
});

export const AXES: Readonly<Record<AxisId, Axis>> = {
  size: {
    id: 'size',
    label: 'Size',
    noun: 'size',
    title: 'Size, MB (log)',
    log: true,
    better: 'low',
    value: ({ output }) => output.byteLength / 1e6,
    error: none,
    words: (mb) => formatBytes(mb * 1e6),
  },
  gzip: {
    id: 'gzip',
    label: 'Size, gzip',
    noun: 'gzip size',
    title: 'Size after gzip, MB (log)',
    log: true,
    better: 'low',
    value: ({ output }) => (output.gzipByteLength === null ? null : output.gzipByteLength / 1e6),
    error: none,
    words: (mb) => formatBytes(mb * 1e6),
  },
  wasm: latency('wasm', 'WASM'),
  webgpu: latency('webgpu', 'WebGPU'),
  accuracy: {
    id: 'accuracy',
    label: 'Accuracy',
    noun: 'accuracy',
    title: 'Accuracy, %',
    log: false,
    linear: { smallestStep: 1, bounds: [0, 100] },
    better: 'high',
    scored: true,
    value: ({ accuracy }) => accuracy && accuracy.value * 100,
    error: (run) => pairedError(run, 100),
    words: (percent) => `${formatNumber(percent, 1)} %`,
  },
  kl: {
    id: 'kl',
    label: 'KL',
    noun: 'KL',
    title: 'KL to fp32, mean, nats',
    log: false,
    linear: { bounds: [0, Number.POSITIVE_INFINITY] },
    better: 'low',
    scored: true,
    // The original against itself is 0 by definition.
    value: ({ kind, fidelity }) => (kind === 'baseline' ? 0 : (fidelity?.klMean ?? null)),
    error: none,
    words: formatKl,
  },
  cosine: {
    id: 'cosine',
    label: 'Cosine',
    noun: 'cosine',
    title: 'Cosine to fp32',
    log: false,
    linear: { bounds: [-1, 1] },
    better: 'high',
    scored: true,
    value: ({ kind, fidelity }) => (kind === 'baseline' ? 1 : (fidelity?.cosine ?? null)),
    error: none,
    words: (cosine) => formatNumber(cosine, 5),
  },
};

/** The axis `id` for a data set that is scored by `metric`, which the accuracy axis then shows. */
export function axisOf(id: AxisId, metric: Metric | null): Axis {
  if (id !== 'accuracy' || metric === null || metric === 'accuracy') return AXES[id];
  const { label, noun, scale, unit, higherIsBetter, bounds } = metricInfo(metric);
  return {
    id,
    label,
    noun,
    title: unit ? `${label}, ${unit}` : label,
    log: false,
    linear: {
      ...(scale === 100 && { smallestStep: 1 }),
      bounds: [bounds[0] * scale, bounds[1] * scale],
    },
    better: higherIsBetter ? 'high' : 'low',
    scored: true,
    value: ({ accuracy }) => (accuracy?.metric === metric ? accuracy.value * scale : null),
    error: (run) => pairedError(run, scale),
    words: (figure) => formatMetric(metric, figure / scale),
  };
}

function pairedError({ accuracy }: ChartedRun, scale: number): readonly [number, number] | null {
  const { value, interval } = accuracy?.difference ?? {};
  if (value === undefined || !interval) return null;
  return [(value - interval.low) * scale, (interval.high - value) * scale];
}

export const isAxisId = (id: string): id is AxisId => Object.hasOwn(AXES, id);

export const X_AXES: readonly AxisId[] = ['size', 'gzip', 'wasm', 'webgpu'];
export const Y_AXES: readonly AxisId[] = ['accuracy', 'kl', 'cosine', 'wasm', 'webgpu', 'size'];

/** "better: up and left". */
export function betterWords(x: Axis, y: Axis): string {
  const up = y.better === 'high' ? 'up' : 'down';
  const left = x.better === 'low' ? 'left' : 'right';
  return `better: ${up} and ${left}`;
}
