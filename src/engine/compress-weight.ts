/** One weight through the stages of its plan: pruned, factorized, stored part by part. */
import { assert } from '../core/assert.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { afterPruning, errorsOf } from '../methods/errors.ts';
import type { Executor } from '../methods/executor.ts';
import { type Factors, factorize } from '../methods/factorize.ts';
import { pruneWeight, type Selection } from '../methods/magnitude.ts';
import { productErrors } from '../methods/product-errors.ts';
import { prunedSource } from '../methods/pruned-source.ts';
import type { QuantizeJob } from '../methods/quantize-job.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { Model } from '../model/model.ts';
import { factorOrder, type PlannedPart, type PlannedWeight } from '../plan/planned-weight.ts';
import type { Calibrated } from './calibration.ts';
import { type Bytes, specOf, storePart } from './store-part.ts';
import {
  scaledInputs,
  scaledWeight,
  unscaledWeight,
  type WeightScaling,
} from './weight-scaling.ts';
import { sourceOf } from './weight-source.ts';

/** What a weight comes to. */
export interface CompressedWeight {
  /** Payloads by what the writer asks for them by. */
  readonly payloads: ReadonlyMap<string, Bytes>;
  /** Of the weight as the file stores it, against its original values. */
  readonly errors: ErrorStatistics;
  /** What a person should know of how it went; null for nothing. */
  readonly note: string | null;
}

export interface WeightContext {
  readonly executor: Executor;
  readonly model: Model;
  readonly seed: number;
  /** What a selection over many weights leaves of this one; null where none was made. */
  readonly selection: Selection | null;
  /** What is known of its inputs; null where no step asks. */
  readonly calibrated: Calibrated | null;
  /** Scales of its inputs and outputs; null where there are none. */
  readonly scaling: WeightScaling | null;
  /** Factors that were found before; null if there are none. */
  readonly factors: Factors | null;
  readonly signal: AbortSignal;
}

/**
 * The one part of a weight that streams to the file in tiles, with nothing but rounding done to it;
 * null if more is done.
 */
export function streamedPart({
  prune,
  factorize: stage,
  parts,
  inputScaling,
  outputScaling,
}: PlannedWeight): PlannedPart | null {
  const [part] = parts;
  if (inputScaling !== null || outputScaling !== null) return null;
  const isPlain = part?.choice.kind === 'quantized' && part.method?.kind === 'rtn';
  const streams = !prune && !stage && isPlain && part.perm === null;
  return streams ? part : null;
}

export const streamJob = (model: Model, item: PlannedWeight, part: PlannedPart): QuantizeJob => ({
  source: originalOf(model, item.weight),
  spec: specOf(part),
});

/**
 * A weight that does not stream, whole in memory where its stages need that.
 * @throws what concerns this weight alone, and as `Executor`; the signal's reason when it aborts
 */
export async function compressWeight(
  item: PlannedWeight,
  context: WeightContext,
): Promise<CompressedWeight> {
  if (context.scaling) return scaled(item, context.scaling, context);
  const { source, pruned } = await prunedOf(item, context);
  if (item.factorize) return lowRank(item, source, context);
  const [part] = item.parts;
  assert(part, 'a weight has a part');
  // A codebook's entries need not hold 0, so that errors are not those of two stages added.
  const isShared = pruned !== null && part.choice.kind === 'codebook';
  const stored = await storePart(part, source, context, { withValues: isShared });
  const { payloads, note, values } = stored;
  return {
    payloads: new Map(payloads),
    errors: values
      ? await errorsBeside(item, values, context)
      : pruned
        ? afterPruning(pruned, stored.errors)
        : stored.errors,
    note,
  };
}

/** A weight whose scales are taken into it; its errors are those of what it stands for without. */
async function scaled(
  item: PlannedWeight,
  scaling: WeightScaling,
  context: WeightContext,
): Promise<CompressedWeight> {
  const { model, signal } = context;
  const { weight } = item;
  const [part] = item.parts;
  assert(part && !item.prune && !item.factorize, `${weight.name} is only stored`);
  const original = originalOf(model, weight);
  const source = scaledWeight(original, item, scaling);
  const inputs = scaledInputs(context.calibrated, scaling);
  const stored = await storePart(
    ...([part, source, { ...context, calibrated: inputs }, { withValues: true }] as const),
  );
  assert(stored.values, 'asked for');
  const restored = memorySource(weight.name, stored.values, weight.tensor.dims);
  const without = await readValues(unscaledWeight(restored, item, scaling), signal);
  const values = await readValues(original, signal);
  const rest = values.map((value, i) => value - (without[i] as number));
  const notes = [scaling.inputs?.note, stored.note].filter((note) => note != null);
  return {
    payloads: new Map(stored.payloads),
    errors: errorsOf(values, rest),
    note: notes.length > 0 ? notes.join('. ') : null,
  };
}

async function errorsBeside(
  { weight }: PlannedWeight,
  stored: Float32Array<ArrayBuffer>,
  { model, signal }: WeightContext,
): Promise<ErrorStatistics> {
  const original = await readValues(originalOf(model, weight), signal);
  return errorsOf(
    original,
    stored.map((value, i) => (original[i] ?? 0) - value),
  );
}

/** The factors of a weight after pruning; null if no rank keeps the energy asked for. */
export async function factorsOf(
  item: PlannedWeight,
  context: WeightContext,
): Promise<Factors | null> {
  const { source } = await prunedOf(item, context);
  return (await factorized(item, source, context)).factors;
}

export const originalOf = (
  model: Model,
  { tensor, name }: PlannedWeight['weight'],
): WeightSource => ({
  ...sourceOf(model, tensor),
  name,
});

async function prunedOf(
  { weight, view, prune }: PlannedWeight,
  { executor, model, selection, signal }: WeightContext,
): Promise<{ readonly source: WeightSource; readonly pruned: ErrorStatistics | null }> {
  const source = originalOf(model, weight);
  if (!prune) return { source, pruned: null };
  const { spec } = prune;
  const { inputs } = view;
  const { mask, errors } = await pruneWeight(
    ...([executor.pruning, source, spec, inputs, selection, signal] as const),
  );
  return { source: prunedSource(source, mask), pruned: errors };
}

async function factorized(
  { factorize: stage, view, weight }: PlannedWeight,
  source: WeightSource,
  { executor, seed, signal }: WeightContext,
) {
  assert(stage && view.perm === null, 'a matrix as it lies');
  const { K, N, transposed } = view;
  const shape = transposed ? { K: N, N: K } : { K, N };
  const values = await readValues(source, signal);
  const device = await executor.matrices();
  return factorize(device, weight.name, values, shape, stage.spec, { seed, signal });
}

async function lowRank(
  item: PlannedWeight,
  source: WeightSource,
  context: WeightContext,
): Promise<CompressedWeight> {
  const { executor, model, signal } = context;
  const { view, weight, parts } = item;
  const factors = context.factors ?? (await factorized(item, source, context)).factors;
  assert(factors && factors.rank === item.factorize?.rank, `${weight.name} has the planned rank`);
  const { rank, a, b } = factors;
  const { K, N, transposed } = view;
  const [rows, columns] = transposed ? [N, K] : [K, N];
  const store = (order: 0 | 1, values: Float32Array<ArrayBuffer>, dims: readonly number[]) => {
    const part = parts.find((it) => it.part === factorOrder(view)[order]);
    assert(part, `${weight.name} has two factors`);
    const own = memorySource(`${weight.name}/${part.part}`, values, dims);
    // What the factors' own inputs are is not known: they are stored without.
    const unseen = context.calibrated && { statistics: null, reason: OF_FACTORS };
    return storePart(part, own, { ...context, calibrated: unseen }, { withValues: true });
  };
  const first = await store(0, a, [rows, rank]);
  const second = await store(1, b, [rank, columns]);
  assert(first.values && second.values, 'asked for');
  const original = await readValues(originalOf(model, weight), signal);
  const device = await executor.matrices();
  const shape = { rows, columns, rank };
  return {
    payloads: new Map([...first.payloads, ...second.payloads]),
    errors: await productErrors(device, original, first.values, second.values, shape, signal),
    note: first.note ?? second.note,
  };
}

const OF_FACTORS = 'the inputs of its factors are not seen';
