/** One weight with values set to zero, by the method that its step names. */
import { allFinite } from '../core/all-finite.ts';
import { assert } from '../core/assert.ts';
import type { PruneMethod, PruneSpec } from '../core/prune-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import { maskWhere } from '../reference/prune-mask.ts';
import { columnRuns } from './column-runs.ts';
import { countNonFinite } from './count-non-finite.ts';
import { errorsOf } from './errors.ts';
import type { Executor } from './executor.ts';
import { pruneWeight, type Selection } from './magnitude.ts';
import { magnitudeRows } from './magnitude-rows.ts';
import { asTensor, type RowsShape, rowsOf } from './matrix-rows.ts';
import { prunedSource } from './pruned-source.ts';
import { notFinite } from './quantize-job.ts';
import { memorySource, readValues } from './read-values.ts';
import { asGivenRows, reorderedRows } from './reorder-columns.ts';
import { sparseGpt } from './sparsegpt.ts';
import { wandaMask } from './wanda.ts';
import type { WeightSource } from './weight-source.ts';

/** The weight as its operator sees it. */
export interface PruneView extends RowsShape {
  /** By the axis that one output sums over. */
  readonly inputs: AxisShape;
  readonly operator: string;
}

export interface PruneContext {
  readonly executor: Executor;
  /** Of a selection over many weights; null selects within this one. */
  readonly selection: Selection | null;
  /** Of its inputs, in the order of K; null where they were not seen. */
  readonly statistics: InputStatistics | null;
  /** Why they were not. */
  readonly unseen: string | null;
  readonly signal: AbortSignal;
}

export interface PrunedBy {
  /** The weight with its zeros. */
  readonly source: WeightSource;
  readonly errors: ErrorStatistics;
  /** Values that stay have changed too. */
  readonly isMoved: boolean;
  /** What a person should know; null for nothing. */
  readonly note: string | null;
}

interface Task {
  readonly source: WeightSource;
  readonly spec: PruneSpec;
  readonly view: PruneView;
  readonly context: PruneContext;
}

/**
 * By magnitude where the inputs were not seen, or say nothing.
 * @throws what concerns this weight alone, and as `Executor`; the signal's reason
 */
export async function pruneBy(
  method: PruneMethod,
  source: WeightSource,
  spec: PruneSpec,
  view: PruneView,
  context: PruneContext,
): Promise<PrunedBy> {
  const task = { source, spec, view, context };
  const { statistics, unseen } = context;
  if (method.kind === 'magnitude') return byMagnitude(task, null);
  if (!statistics) return byMagnitude(task, `Pruned by magnitude: ${unseen}`);
  return method.kind === 'wanda'
    ? byWanda(task, statistics)
    : bySparseGpt(task, statistics, method.damping);
}

async function byMagnitude(
  { source, spec, view, context }: Task,
  note: string | null,
): Promise<PrunedBy> {
  const { executor, selection, signal } = context;
  const { mask, errors } = await pruneWeight(
    ...([executor.pruning, source, spec, view.inputs, selection, signal] as const),
  );
  return { source: prunedSource(source, mask), errors, isMoved: false, note };
}

async function byWanda(
  { source, spec, view, context }: Task,
  { sumSquares }: InputStatistics,
): Promise<PrunedBy> {
  const { N, K } = view;
  const tensor = await finiteValues(source, context.signal);
  const { order, runLength } = runsOf(view);
  const values = reorderedRows(rowsOf(tensor, view), 0, N, order);
  const ordered = Float64Array.from(order, (k) => sumSquares[k] as number);
  const own = wandaMask({ values, sumSquares: ordered, spec, runLength });
  const smallest = magnitudeRows(values, spec.kind === 'n-of-m' ? runLength : K, spec);
  const lost = (goes: Uint8Array): number =>
    values.reduce((sum, value, i) => {
      return goes[i] ? sum + (ordered[i % K] as number) * value * value : sum;
    }, 0);
  const [ownLoss, plainLoss] = [lost(own), lost(smallest)];
  const isBetter = ownLoss < plainLoss;
  const goes = asTensor(asGivenRows(isBetter ? own : smallest, order), view);
  const { mask, errors } = maskWhere(tensor, (index) => goes[index] === 1);
  return {
    ...{ source: prunedSource(source, mask), errors, isMoved: false },
    note: isBetter
      ? `Loss by inputs ${Number((ownLoss / plainLoss).toPrecision(2))} × that of magnitude pruning`
      : 'Pruned by magnitude, which is as good here',
  };
}

async function bySparseGpt(
  task: Task,
  { gram, count }: InputStatistics,
  damping: number,
): Promise<PrunedBy> {
  const { source, spec, view, context } = task;
  const { N, K } = view;
  assert(gram, 'SparseGPT asks for the Gram matrix');
  const tensor = await finiteValues(source, context.signal);
  const values = rowsOf(tensor, view);
  const inputs = { K, count, gram };
  const found = await sparseGpt(
    context.executor.feedback,
    { values, N, spec, inputs, runs: runsOf(view), damping },
    context.signal,
  );
  if ('refused' in found) return byMagnitude(task, `Pruned by magnitude: ${found.refused}`);
  const pruned = asTensor(found.values, view);
  const rest = tensor.map((value, i) => value - (pruned[i] as number));
  return {
    source: memorySource(source.name, pruned, source.dims),
    errors: errorsOf(tensor, rest),
    isMoved: true,
    note: found.note,
  };
}

const runsOf = ({ K, inputs, operator }: PruneView) =>
  columnRuns(K, inputs.axisLength, operator === 'Conv');

async function finiteValues(
  source: WeightSource,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await readValues(source, signal);
  if (!allFinite(values)) throw notFinite(source.name, await countNonFinite(source));
  return values;
}
