/** One weight through the stages of its plan: pruned, factorized, stored part by part. */
import { assert } from '../core/assert.ts';
import type { Split } from '../core/factorize-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { Spectrum } from '../methods/allocate-ranks.ts';
import { afterPruning } from '../methods/errors.ts';
import type { Factors } from '../methods/factorize.ts';
import { permutedSource } from '../methods/permuted-source.ts';
import { type PrunedBy, pruneBy } from '../methods/prune-by.ts';
import type { QuantizeJob } from '../methods/quantize-job.ts';
import { readValues } from '../methods/read-values.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { Model } from '../model/model.ts';
import type { PlannedPart, PlannedWeight } from '../plan/planned-weight.ts';
import { factorized, joined, lowRank, spectrum } from './low-rank.ts';
import { specOf, storePart } from './store-part.ts';
import { actedOn, errorsWithoutScales } from './under-scales.ts';
import { type CompressedWeight, originalOf, type WeightContext } from './weight-context.ts';
import { scaledInputs } from './weight-scaling.ts';
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
  given: WeightContext,
): Promise<CompressedWeight> {
  const context = { ...given, calibrated: scaledInputs(given.calibrated, given.scaling) };
  const { source, pruned } = await prunedOf(item, context);
  const notes = [given.scaling?.inputs?.note ?? null, pruned?.note ?? null];
  if (item.factorize) return noted(notes, await lowRank(item, source, context));
  if (item.residual) return noted(notes, await withResidual(item, source, context));
  const [part] = item.parts;
  assert(part, 'a weight has a part');
  const original = pruned ? { original: actedOn(item, context) } : {};
  const withValues = given.scaling !== null || (pruned !== null && !isApart(pruned, part));
  const stored = await storePart(part, source, { ...context, ...original }, { withValues });
  const errors = stored.values
    ? await errorsAgainst(item, part, stored.values, context)
    : pruned
      ? afterPruning(pruned.errors, stored.errors)
      : stored.errors;
  return noted(notes, { payloads: new Map(stored.payloads), errors, note: stored.note });
}

/**
 * Where only the mask and rounding err, they do so on different elements; a codebook's entries need
 * not hold 0.
 */
const isApart = ({ isMoved }: PrunedBy, { choice, method }: PlannedPart): boolean =>
  !isMoved && (choice.kind === 'float' || method?.kind === 'rtn');

const noted = (
  before: readonly (string | null)[],
  compressed: CompressedWeight,
): CompressedWeight => ({ ...compressed, note: joined(...before, compressed.note) });

/** Of what the file stores; codes are found in the order of the matrix, and so lie their values. */
async function errorsAgainst(
  item: PlannedWeight,
  { dims, perm, choice }: PlannedPart,
  stored: Float32Array,
  context: WeightContext,
): Promise<ErrorStatistics> {
  const { scaling, signal } = context;
  const isTurned = perm && choice.kind === 'quantized';
  assert(!isTurned || scaling === null, 'scaled weights lie as their matrix does');
  const whole = actedOn(item, context);
  const values = await readValues(
    isTurned ? await permutedSource(whole, dims, perm, signal) : whole,
    signal,
  );
  const left = values.map((value, i) => value - (stored[i] as number));
  return errorsWithoutScales(item, values, left, context);
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
  item: PlannedWeight,
  context: WeightContext,
): Promise<{ readonly source: WeightSource; readonly pruned: PrunedBy | null }> {
  const { view, prune } = item;
  const { executor, selection, calibrated, signal } = context;
  const source = actedOn(item, context);
  if (!prune) return { source, pruned: null };
  const pruned = await pruneBy(prune.method, source, prune.spec, view, {
    ...{ executor, selection, signal },
    statistics: calibrated?.statistics ?? null,
    unseen: calibrated?.reason ?? null,
  });
  return { source: pruned.source, pruned };
}
