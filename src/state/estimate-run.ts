/**
 * How long Compress would take, and how much of the GPU's memory, by what earlier runs of this model
 * took on this device. Where they say nothing, neither does this.
 */
import type { Recipe } from '../recipe/recipe.ts';
import type { PlanSummary } from '../report/plan-summary.ts';
import type { Phase } from '../report/report.ts';
import type { Run } from './run.ts';
import type { Device, Session } from './state.ts';
import { kindOf } from './step-kind.ts';

export interface RunEstimate {
  /** null where no earlier run did the same kind of work. */
  readonly compressMs: number | null;
  /** null until a run was measured. */
  readonly benchmarkMs: number | null;
  readonly peakBufferBytes: number | null;
}

/** - `runs` — of this model; those that other devices compressed do not count */
export function estimateRun(
  {
    runs,
    recipe,
    planning,
    peakBuffers,
  }: Pick<Session, 'runs' | 'recipe' | 'planning' | 'peakBuffers'>,
  device: Device,
): RunEstimate {
  const own = ownRuns(runs, device);
  const benchmarkMs = lastMeasuring(own);
  const { plan } = planning;
  if (planning.status !== 'ready' || !plan) {
    return { compressMs: null, benchmarkMs, peakBufferBytes: null };
  }
  const wanted = workOfPlan(plan, recipe);
  const alike = own.find((run) => sameKinds(run, wanted));
  return {
    compressMs: alike ? scaled(alike, wanted.byteLength) : sumOfSingles(own, wanted),
    benchmarkMs,
    peakBufferBytes: (alike && peakBuffers.get(alike.id)) ?? null,
  };
}

/** How long the benchmark after a run would take: as long as the last one; null if none was made. */
export const estimateBenchmark = (runs: readonly Run[], device: Device): number | null =>
  lastMeasuring(ownRuns(runs, device));

/** Runs that this device compressed, the newest first. */
const ownRuns = (runs: readonly Run[], device: Device): readonly Run[] =>
  runs.filter((run) => run.kind === 'run' && isOf(device, run)).toReversed();

function lastMeasuring(own: readonly Run[]): number | null {
  const measured = own.find((run) => measuringMs(run) > 0);
  return measured ? measuringMs(measured) : null;
}

const isOf = (device: Device, { compressedOn }: Run): boolean => {
  const gpu = device.status === 'known' ? device.summary.webgpu : null;
  return gpu !== null && compressedOn !== null && compressedOn.device === gpu.name;
};

/** What steps do, by the kinds of their work. */
interface Work {
  /** Bytes that steps of the kind take; a weight may be taken by several. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Bytes of weights that any step takes. */
  readonly byteLength: number;
}

function workOfPlan({ weights, steps: taken }: PlanSummary, { steps }: Recipe): Work {
  const kinds = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    const { weightCount = 0, bytesBefore = 0 } = taken[index] ?? {};
    const kind = kindOf(step);
    if (weightCount > 0) kinds.set(kind, (kinds.get(kind) ?? 0) + bytesBefore);
  }
  return { kinds, byteLength: bytesOf(weights.filter(({ step }) => step !== null)) };
}

/** Its recipe says what was tried, also on weights that came out of it without that step. */
const workOfRun = ({ weights, recipe }: Run): Work => ({
  kinds: new Map((recipe?.steps ?? []).map((step) => [kindOf(step), 0])),
  byteLength: bytesOf(weights.filter(({ technique }) => technique !== null)),
});

const bytesOf = (weights: readonly { readonly bytesBefore: number }[]): number =>
  weights.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0);

const sameKinds = (run: Run, wanted: Work): boolean => {
  const { kinds, byteLength } = workOfRun(run);
  const { size } = wanted.kinds;
  return size > 0 && byteLength > 0 && kinds.size === size && hasAll(kinds, wanted.kinds);
};

const hasAll = (kinds: Work['kinds'], wanted: Work['kinds']): boolean =>
  [...wanted.keys()].every((kind) => kinds.has(kind));

const scaled = (run: Run, byteLength: number): number =>
  compressingMs(run) * (byteLength / workOfRun(run).byteLength);

/** Each kind of work at the pace of a run that did nothing else. */
function sumOfSingles(runs: readonly Run[], { kinds }: Work): number | null {
  let sum = 0;
  for (const [kind, byteLength] of kinds) {
    const own = { kinds: new Map([[kind, byteLength]]), byteLength };
    const run = runs.find((it) => sameKinds(it, own));
    if (!run) return null;
    sum += scaled(run, byteLength);
  }
  return kinds.size === 0 ? null : sum;
}

const isMeasuring = ({ name }: Phase): boolean => name.startsWith('measure');

const sumOf = (phases: readonly Phase[]): number =>
  phases.reduce((sum, { durationMs }) => sum + durationMs, 0);

const measuringMs = ({ phases }: Run): number => sumOf(phases.filter(isMeasuring));

const compressingMs = ({ phases }: Run): number => sumOf(phases.filter((it) => !isMeasuring(it)));
