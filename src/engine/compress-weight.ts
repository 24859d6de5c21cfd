/** One weight through the stages of its plan: pruned, factorized, stored part by part. */
import { assert } from '../core/assert.ts';
import type { Split } from '../core/factorize-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { Spectrum } from '../methods/allocate-ranks.ts';
import { afterPruning, errorsOf } from '../methods/errors.ts';
import type { Factors } from '../methods/factorize.ts';
import { permutedSource } from '../methods/permuted-source.ts';
import { type PrunedBy, pruneBy } from '../methods/prune-by.ts';
import type { QuantizeJob } from '../methods/quantize-job.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { Model } from '../model/model.ts';
import type { PlannedPart, PlannedWeight } from '../plan/planned-weight.ts';
import { factorized, joined, lowRank, spectrum } from './low-rank.ts';
import { specOf, storePart } from './store-part.ts';
import { type CompressedWeight, originalOf, type WeightContext } from './weight-context.ts';
import {
  scaledInputs,
  scaledWeight,
  unscaledWeight,
  type WeightScaling,
} from './weight-scaling.ts';
import { withResidual } from './with-residual.ts';

/**
 * The one part of a weight that streams to the file in tiles, with nothing but rounding done to it;
 * null if more is done.
 */
export function streamedPart({
  prune,
  factorize: stage,
  residual,
  parts,
  inputScaling,
  outputScaling,
}: PlannedWeight): PlannedPart | null {
  const [part] = parts;
  if (inputScaling !== null || outputScaling !== null) return null;
  const isPlain = part?.choice.kind === 'quantized' && part.method?.kind === 'rtn';
  const streams = !prune && !stage && !residual && isPlain && part.perm === null;
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
  if (context.scaling && !item.residual) return scaled(item, context.scaling, context);
  const { source, pruned } = await prunedOf(item, context);
  if (item.factorize) return noted(pruned, await lowRank(item, source, context));
  if (item.residual) return noted(pruned, await withResidual(item, source, context));
  const [part] = item.parts;
  assert(part, 'a weight has a part');
  if (!pruned) {
    const stored = await storePart(part, source, context);
    return { ...stored, payloads: new Map(stored.payloads) };
  }
  // Where only the mask and rounding err, they do so on different elements; a codebook's entries
  // need not hold 0.
  const { choice, method } = part;
  const isApart = !pruned.isMoved && (choice.kind === 'float' || method?.kind === 'rtn');
  const original = originalOf(context.model, item.weight);
  const stored = await storePart(
    ...([part, source, { ...context, original }, { withValues: !isApart }] as const),
  );
  return noted(pruned, {
    payloads: new Map(stored.payloads),
    errors: stored.values
      ? await errorsAgainst(original, part, stored.values, context.signal)
      : afterPruning(pruned.errors, stored.errors),
    note: stored.note,
  });
}

const noted = (pruned: PrunedBy | null, compressed: CompressedWeight): CompressedWeight => ({
  ...compressed,
  note: joined(pruned?.note ?? null, compressed.note),
});

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

/** Of what the file stores; codes are found in the order of the matrix, and so lie their values. */
async function errorsAgainst(
  original: WeightSource,
  { dims, perm, choice }: PlannedPart,
  stored: Float32Array,
  signal: AbortSignal,
): Promise<ErrorStatistics> {
  const isTurned = perm && choice.kind === 'quantized';
  const own = isTurned ? await permutedSource(original, dims, perm, signal) : original;
  const values = await readValues(own, signal);
  return errorsOf(
    values,
    values.map((value, i) => value - (stored[i] as number)),
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

/** What each rank of a split of a weight is worth after pruning. */
export async function spectrumOf(
  item: PlannedWeight,
  split: Split,
  context: WeightContext,
): Promise<Spectrum> {
  const { source } = await prunedOf(item, context);
  return spectrum(item, source, split, context);
}

async function prunedOf(
  { weight, view, prune }: PlannedWeight,
  { executor, model, selection, calibrated, signal }: WeightContext,
): Promise<{ readonly source: WeightSource; readonly pruned: PrunedBy | null }> {
  const original = originalOf(model, weight);
  if (!prune) return { source: original, pruned: null };
  const pruned = await pruneBy(prune.method, original, prune.spec, view, {
    ...{ executor, selection, signal },
    statistics: calibrated?.statistics ?? null,
    unseen: calibrated?.reason ?? null,
  });
  return { source: pruned.source, pruned };
}
