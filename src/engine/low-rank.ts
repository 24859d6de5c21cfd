/** Weights that become the product of two thin matrices. */
import { assert } from '../core/assert.ts';
import { largestUsefulRank, type Split } from '../core/factorize-spec.ts';
import type { Spectrum } from '../methods/allocate-ranks.ts';
import { energiesOf, type Factorization, factorize } from '../methods/factorize.ts';
import { type Fit, fitWeights } from '../methods/fit-weights.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import { leftover } from '../methods/residual.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import {
  asFactorMatrix,
  factorMatrix,
  factorsOfParts,
  fromFactorMatrix,
  partsOfFactors,
} from '../plan/factor-matrix.ts';
import { looksAtInputs, type PlannedWeight } from '../plan/planned-weight.ts';
import { type StoredPart, storePart } from './store-part.ts';
import { actedOn, errorsWithoutScales } from './under-scales.ts';
import type { CompressedWeight, WeightContext } from './weight-context.ts';

type Values = Float32Array<ArrayBuffer>;

/** As `factorize`, by what the stage's technique goes by. */
export async function factorized(
  item: PlannedWeight,
  source: WeightSource,
  context: WeightContext,
): Promise<Factorization> {
  const { stage, values, shape, fit } = await matrixOf(item, source, context);
  const { executor, seed, signal } = context;
  const device = await executor.matrices();
  const own = await factorize(
    ...([device, item.weight.name, values, shape, stage.spec, { seed, signal }] as const),
    fit.weights,
  );
  if (!own.factors) return own;
  const note = joined(fit.note, own.factors.note);
  return { factors: { ...own.factors, note }, refusal: null };
}

/** What each rank of a split is worth. */
export async function spectrum(
  item: PlannedWeight,
  source: WeightSource,
  split: Split,
  context: WeightContext,
): Promise<Spectrum> {
  const { values, shape, fit } = await matrixOf(item, source, context, split);
  const { executor, seed, signal } = context;
  const { K, N } = shape;
  const device = await executor.matrices();
  const rank = Math.max(1, largestUsefulRank(K, N));
  const own = await energiesOf(
    ...([device, item.weight.name, values, shape, rank, { seed, signal }] as const),
    fit.weights,
  );
  return { K, N, ...own };
}

async function matrixOf(
  { factorize: stage, view }: PlannedWeight,
  source: WeightSource,
  { calibrated, signal }: WeightContext,
  split = stage?.split ?? 'channel',
) {
  assert(stage, 'a weight that is factorized');
  const { rows, columns, axis } = factorMatrix(view, split);
  const values = asFactorMatrix(view, split, await readValues(source, signal));
  const fit: Fit = fitWeights(stage.metric, axis, calibrated);
  return { stage, values, fit, shape: { K: rows, N: columns } };
}

/** The weight as its factors. @throws as `compressWeight` */
export async function lowRank(
  item: PlannedWeight,
  source: WeightSource,
  context: WeightContext,
): Promise<CompressedWeight> {
  const { executor, signal } = context;
  const { view, weight } = item;
  const factors = context.factors ?? (await factorized(item, source, context)).factors;
  assert(factors && factors.rank === item.factorize?.rank, `${weight.name} has the planned rank`);
  const { a, b, note } = factors;
  const { split } = item.factorize;
  const { rows, columns } = factorMatrix(view, split);
  const stored = await storeFactors(item, a, b, context);
  const original = await readValues(actedOn(item, context), signal);
  const left = await leftover(
    ...([await executor.matrices(), asFactorMatrix(view, split, original)] as const),
    ...([stored.first, stored.second, { rows, columns }, signal] as const),
  );
  const rest = fromFactorMatrix(view, split, left);
  return {
    payloads: new Map(stored.payloads),
    errors: await errorsWithoutScales(item, original, rest, context),
    note: joined(note, stored.note),
  };
}

/** The two factors of a weight, [rows, rank] and [rank, columns], and what the file stores of them. */
export async function storeFactors(
  { view, weight, parts, factorize: stage }: PlannedWeight,
  a: Values,
  b: Values,
  context: WeightContext,
): Promise<{
  readonly first: Values;
  readonly second: Values;
  readonly payloads: StoredPart['payloads'];
  readonly note: string | null;
}> {
  const split = stage?.split ?? 'channel';
  const store = async (name: 'A' | 'B', values: Values) => {
    const part = parts.find((it) => it.part === name);
    assert(part, `${weight.name} has two factors`);
    const own = memorySource(`${weight.name}/${name}`, values, part.dims);
    const inputs = looksAtInputs(part) ? { statistics: null, reason: OF_FACTORS } : null;
    const partContext = { ...context, calibrated: inputs };
    const stored = await storePart(part, own, partContext, { withValues: true });
    assert(stored.values, 'asked for');
    return { ...stored, values: stored.values };
  };
  const given = partsOfFactors(view, split, a, b);
  const [A, B] = [await store('A', given.A), await store('B', given.B)];
  return {
    ...factorsOfParts(view, split, { A: A.values, B: B.values }),
    payloads: [...A.payloads, ...B.payloads],
    note: joined(...new Set([A.note, B.note])),
  };
}

/** Notes, one after the other; null for none. */
export function joined(...notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null);
  return said.length > 0 ? said.join('. ') : null;
}

const OF_FACTORS = 'the inputs of its factors are not seen';
