/** What A and B measured, side by side, with the difference in words. */
import type { Backend } from '../../../core/backend.ts';
import { DISTURBED, isDisturbed } from '../../../report/disturbed-time.ts';
import {
  formatCosine,
  formatCount,
  formatKl,
  formatNumber,
  formatSizeRatio,
  formatSpeedRatio,
  isAsFast,
  withinNoise,
} from '../../../report/format.ts';
import type { Metric } from '../../../report/metric.ts';
import {
  formatMetricDifference,
  metricFigure,
  metricInfo,
  metricInterval,
} from '../../../report/metrics.ts';
import { speedCell } from '../../../report/paired-time.ts';
import type { PairedScore } from '../../../report/rows.ts';
import type { Run } from '../../../state/run.ts';
import { cellSize } from '../cell-size.ts';
import { metricHeading, speedHeading } from '../columns.ts';
import { answersOnFewer } from './answer-words.ts';
import { speedBetween } from './speed-between.ts';

export interface Figure {
  /** Exact, for scripts and sorting. */
  readonly value: number;
  readonly words: string;
}

export interface MetricRow {
  readonly label: string;
  /** null: not measured. */
  readonly a: Figure | null;
  readonly b: Figure | null;
  /** Whose value is better; null where neither is, or nothing says. */
  readonly better: 'a' | 'b' | null;
  /** The original stands on this side: it is not compared with itself. */
  readonly itself?: 'a' | 'b' | null;
  /** B against A, in words; empty where there is nothing to compare. */
  readonly difference: string;
}

/** - `paired` — null while it is not known, or where answers of rows were not kept */
export function metricRows(a: Run, b: Run, paired: PairedScore | null): readonly MetricRow[] {
  const metric = b.accuracy?.metric ?? a.accuracy?.metric ?? null;
  return [
    sizeRow('Size, MB', a.output.byteLength, b.output.byteLength),
    sizeRow('Size after gzip, MB', a.output.gzipByteLength, b.output.gzipByteLength),
    ...(['wasm', 'webgpu'] as const).map((backend) => latencyRow(a, b, backend)),
    ...(metric ? [scoreRow(a, b, metric, paired)] : []),
    ...fidelityRows(a, b),
  ].filter((row) => row.a !== null || row.b !== null);
}

/** Closeness on other rows is shown with their count, and not compared. */
function fidelityRows(a: Run, b: Run): readonly MetricRow[] {
  const rows = [
    answersRow(a, b),
    {
      ...lowerRow('KL to the original, mean', klOf(a), klOf(b), formatKl),
      itself: itselfOf(a, b),
    },
    cosineRow(a, b),
  ];
  const [ofA, ofB] = [a.fidelity?.rows, b.fidelity?.rows];
  if (ofA === undefined || ofB === undefined || ofA === ofB) return rows;
  const counted = (figure: Figure | null, count: number) =>
    figure && ownFigure(figure.value, figure.words, count);
  return rows.map((row) => ({
    ...row,
    ...{ a: counted(row.a, ofA), b: counted(row.b, ofB), better: null },
    difference: 'not of the same rows',
  }));
}

/** - `rows` — told where the other side has others */
const ownFigure = (value: number, words: string, rows: number | false): Figure => ({
  value,
  words: rows === false ? words : `${words} (${formatCount(rows)} rows)`,
});

function sizeRow(label: string, a: number | null, b: number | null): MetricRow {
  const figure = (bytes: number | null) =>
    bytes === null ? null : { value: bytes, words: cellSize(bytes) };
  const both = a !== null && b !== null;
  return {
    ...{ label, a: figure(a), b: figure(b), better: lower(a, b) },
    difference: both ? formatSizeRatio(a, b) : '',
  };
}

function latencyRow(a: Run, b: Run, backend: Backend): MetricRow {
  const own = (run: Run): Figure | null => {
    const latency = run.measurements.find((it) => it.backend === backend)?.latency;
    if (!latency) return null;
    const original = [a, b].find(({ kind }) => kind === 'baseline') ?? null;
    const disturbed = isDisturbed(run, original, backend) ? `, ${DISTURBED}` : '';
    return { value: latency.p50Ms, words: `${speedCell(latency)}${disturbed}` };
  };
  const speed = speedBetween(a, b, backend);
  const noise = speed !== null && isAsFast(speed.interval);
  return {
    ...{ label: speedHeading(backend), a: own(a), b: own(b) },
    better: speed === null || noise ? null : speed.ratio < 1 ? 'b' : 'a',
    difference: speed === null ? '' : noise ? 'within noise' : formatSpeedRatio(speed.ratio),
  };
}

/** Runs that were scored on other rows are compared on those that both have. */
function scoreRow(a: Run, b: Run, metric: Metric, paired: PairedScore | null): MetricRow {
  const unlike = a.accuracy !== null && b.accuracy !== null && a.accuracy.rows !== b.accuracy.rows;
  const own = ({ accuracy }: Run): Figure | null =>
    accuracy?.metric === metric
      ? ownFigure(accuracy.value, metricFigure(metric, accuracy.value), unlike && accuracy.rows)
      : null;
  const label = metricHeading(metric);
  const row = { label, a: own(a), b: own(b) };
  if (paired?.metric !== metric) return { ...row, better: null, difference: '' };
  const { value, interval, rows, ofB } = paired;
  const common = (of: number): Figure => ({ value: of, words: metricFigure(metric, of) });
  const noise = interval === null || withinNoise(interval);
  const up = metricInfo(metric).higherIsBetter === value > 0;
  return {
    ...row,
    ...(unlike && {
      label: `${label}, on the ${formatCount(rows)} rows that both scored`,
      a: common(ofB - value),
      b: common(ofB),
    }),
    better: noise ? null : up ? 'b' : 'a',
    difference: differenceWords(paired),
  };
}

/** "−0.3 ±0.8 pt, within noise"; without an interval the figure alone is not claimed. */
export function differenceWords({
  metric,
  value,
  interval,
}: Pick<PairedScore, 'metric' | 'value' | 'interval'>): string {
  if (interval === null) return 'too few rows to say';
  const words = formatMetricDifference(metric, value);
  const spread = metricInterval(metric, value, interval, true);
  const { differenceUnit } = metricInfo(metric);
  const noise = withinNoise(interval) ? ', within noise' : '';
  if (!spread.startsWith('±')) return `${words} (${spread})${noise}`;
  const figure = differenceUnit ? words.slice(0, -differenceUnit.length).trim() : words;
  return `${[figure, spread, differenceUnit].filter(Boolean).join(' ')}${noise}`;
}

function answersRow(a: Run, b: Run): MetricRow {
  const share = (run: Run) =>
    run.kind === 'baseline' ? null : (run.fidelity?.top1Agreement ?? null);
  const [ofA, ofB] = [share(a), share(b)];
  const figure = (value: number | null) =>
    value === null ? null : { value, words: formatNumber(value * 100, 1) };
  const better = lower(ofB, ofA);
  return {
    ...{ label: 'Same answers as the original, %', a: figure(ofA), b: figure(ofB), better },
    itself: itselfOf(a, b),
    difference: a.fidelity && b.fidelity ? answersOnFewer(a.fidelity, b.fidelity) : '',
  };
}

const itselfOf = (a: Run, b: Run): 'a' | 'b' | null =>
  a.kind === 'baseline' ? 'a' : b.kind === 'baseline' ? 'b' : null;

const klOf = ({ kind, fidelity }: Run): number | null =>
  kind === 'baseline' ? null : (fidelity?.klMean ?? null);

function lowerRow(
  label: string,
  a: number | null,
  b: number | null,
  words: (value: number) => string,
): MetricRow {
  const figure = (value: number | null) => (value === null ? null : { value, words: words(value) });
  return {
    ...{ label, a: figure(a), b: figure(b), better: lower(a, b) },
    difference: a !== null && b !== null ? timesWords(a, b) : '',
  };
}

/** "2.1× higher"; empty where one is 0, which has no ratio. */
function timesWords(a: number, b: number): string {
  if (a === b) return 'the same';
  if (!(a > 0 && b > 0)) return '';
  const factor = formatNumber(Math.max(a, b) / Math.min(a, b), 1);
  return factor === '1.0' ? 'as high' : `${factor}× ${b > a ? 'higher' : 'lower'}`;
}

function cosineRow(a: Run, b: Run): MetricRow {
  const cosine = ({ kind, fidelity }: Run) =>
    kind === 'baseline' ? null : (fidelity?.cosine ?? null);
  const [ofA, ofB] = [cosine(a), cosine(b)];
  const figure = (value: number | null) =>
    value === null ? null : { value, words: formatCosine(value) };
  const rows = b.fidelity?.rows ?? a.fidelity?.rows ?? 0;
  return {
    label: 'Cosine to the original',
    itself: itselfOf(a, b),
    ...{ a: figure(ofA), b: figure(ofB), better: lower(ofB, ofA) },
    difference: rows > 0 ? `${formatCount(rows)} rows` : '',
  };
}

function lower(a: number | null, b: number | null): 'a' | 'b' | null {
  if (a === null || b === null || a === b) return null;
  return a < b ? 'a' : 'b';
}
