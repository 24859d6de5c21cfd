/**
 * How long Compress would take, and how much of the GPU's memory, by what earlier runs of this model
 * took on this device. Where they say nothing, neither does this.
 */
import { isActive } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import type { PlanSummary } from '../report/plan-summary.ts';
import type { Phase } from '../report/report.ts';
import type { Run } from './run.ts';
import type { Device, Session } from './state.ts';

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
  const own = runs.filter((run) => run.kind === 'run' && isOf(device, run)).toReversed();
  const measured = own.find((run) => measuringMs(run) > 0);
  const benchmarkMs = measured ? measuringMs(measured) : null;
  const { plan } = planning;
  if (planning.status !== 'ready' || !plan) {
    return { compressMs: null, benchmarkMs, peakBufferBytes: null };
  }
  const wanted = workOfPlan(plan, recipe);
  const [alike] = own.filter((run) => sameKinds(workOfRun(run), wanted));
  return {
    compressMs: alike ? scaled(alike, wanted) : sumOfSingles(own, wanted),
    benchmarkMs,
    peakBufferBytes: (alike && peakBuffers.get(alike.id)) ?? null,
  };
}

const isOf = ({ status, ...rest }: Device, { compressedOn }: Run): boolean => {
  const gpu = status === 'known' && 'summary' in rest ? rest.summary.webgpu : null;
  return gpu !== null && compressedOn !== null && compressedOn.device === gpu.name;
};

/** Bytes of weights by the kind of work that is done to them. */
type WorkByKind = ReadonlyMap<string, number>;

function workOfPlan({ weights }: PlanSummary, { steps }: Recipe): WorkByKind {
  const kinds = steps.map(kindOf);
  return sumByKind(weights, ({ step, steps: all = step === null ? [] : [step] }) =>
    all.flatMap((index) => kinds[index] ?? []),
  );
}

/** A row names techniques, not steps: two steps of one technique that differ in pace are one kind. */
function workOfRun({ weights, recipe }: Run): WorkByKind {
  const kinds = (recipe?.steps ?? []).map((step) => ({ step, kind: kindOf(step) }));
  return sumByKind(weights, ({ technique }) => {
    const names = technique?.split(' + ') ?? [];
    return kinds.filter(({ step }) => names.includes(step.technique)).map(({ kind }) => kind);
  });
}

function sumByKind<W extends { readonly bytesBefore: number }>(
  weights: readonly W[],
  kindsOf: (weight: W) => readonly string[],
): WorkByKind {
  const work = new Map<string, number>();
  for (const weight of weights) {
    const kinds = kindsOf(weight);
    if (kinds.length === 0) continue;
    const kind = [...new Set(kinds)].sort().join(' + ');
    work.set(kind, (work.get(kind) ?? 0) + weight.bytesBefore);
  }
  return work;
}

/** The technique with the options that decide its pace. */
function kindOf(step: Step): string {
  const values = resolveOptions(step);
  const timed = TECHNIQUES[step.technique].options
    .filter((spec) => spec.timed && isActive(spec, values))
    .map(({ key }) => `${key} ${values[key]}`);
  return [step.technique, ...timed].join(' ');
}

const sameKinds = (a: WorkByKind, b: WorkByKind): boolean =>
  b.size > 0 && a.size === b.size && [...a.keys()].every((kind) => b.has(kind));

const scaled = (run: Run, wanted: WorkByKind): number =>
  compressingMs(run) * (total(wanted) / total(workOfRun(run)));

/** Each kind of work at the pace of a run that did nothing else. */
function sumOfSingles(runs: readonly Run[], wanted: WorkByKind): number | null {
  let sum = 0;
  for (const [kind, bytes] of wanted) {
    const own = new Map([[kind, bytes]]);
    const run = runs.find((it) => sameKinds(workOfRun(it), own));
    if (!run) return null;
    sum += scaled(run, own);
  }
  return wanted.size === 0 ? null : sum;
}

const total = (work: WorkByKind): number => [...work.values()].reduce((sum, it) => sum + it, 0);

const isMeasuring = ({ name }: Phase): boolean => name.startsWith('measure');

const sumOf = (phases: readonly Phase[]): number =>
  phases.reduce((sum, { durationMs }) => sum + durationMs, 0);

const measuringMs = ({ phases }: Run): number => sumOf(phases.filter(isMeasuring));

const compressingMs = ({ phases }: Run): number => sumOf(phases.filter((it) => !isMeasuring(it)));
