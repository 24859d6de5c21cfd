/**
 * Whether something else kept the device busy while a run was timed, as the original's own times
 * tell: it is the same program on the same input each time, so what they differ by is not the run's.
 */
import type { Backend } from '../core/backend.ts';
import { measurementOn } from './backend-of-run.ts';
import { formatMs, formatPercent } from './format.ts';
import type { Latency, RunReport } from './report.ts';

/** Half of a quiet device's times lie within some percent of their median. */
const MOST_SPREAD = 0.25;
/** Beside a run the original loses its caches, which costs it less than this. */
const MOST_SLOWED = 1.5;
/** Of less, clocks and schedulers are the cause. */
const LEAST_MS = 0.5;

/** Of a run in a table or on a screen: what is told of it by its name. */
export const DISTURBED = 'timed beside other work';

type Timed = Pick<RunReport, 'kind' | 'measurements'>;

export interface Disturbance {
  /** The sign of it, in a sentence. */
  readonly sign: string;
  /** Whose times are to be taken again. */
  readonly again: 'run' | 'baseline';
}

/**
 * null if there is no sign of it, and on software adapters, whose times are none of a device.
 * - `baseline` — the run of the original on the same device; null if there is none
 */
export function disturbance(
  run: Timed,
  baseline: Timed | null,
  backend: Backend,
): Disturbance | null {
  const measured = measurementOn(run, backend);
  const latency = measured?.latency;
  if (!latency || measured.software) return null;
  const beside = originalMs(latency);
  const { originalIqrMs } = latency;
  const again = run.kind;
  if (originalIqrMs !== undefined && isMuch(originalIqrMs, MOST_SPREAD * beside)) {
    const spread = formatPercent(originalIqrMs / beside);
    const sign = `The middle half of the original’s times spread over ${spread} of their median, ${formatMs(beside)}.`;
    return { sign, again };
  }
  const alone = baseline && measurementOn(baseline, backend)?.latency;
  if (run.kind === 'baseline' || !alone || !isAlike(latency, alone)) return null;
  const [more, less] = [Math.max(beside, alone.p50Ms), Math.min(beside, alone.p50Ms)];
  if (!isMuch(more - less, (MOST_SLOWED - 1) * less)) return null;
  return {
    sign: `The original took ${formatMs(beside)} beside it and ${formatMs(alone.p50Ms)} by itself.`,
    again: more === beside ? again : 'baseline',
  };
}

/** Whether the run's own times are disturbed, and not the original's by itself. */
export const isDisturbed = (run: Timed, baseline: Timed | null, backend: Backend): boolean =>
  disturbance(run, baseline, backend)?.again === run.kind;

/** Of the original between the run's repetitions; the original's own is in its place. */
const originalMs = ({ p50Ms, ratio }: Latency): number => ratio?.originalP50Ms ?? p50Ms;

const isMuch = (ms: number, bound: number): boolean => ms > LEAST_MS && ms > bound;

const isAlike = (a: Latency, b: Latency): boolean => a.input === b.input && a.threads === b.threads;
