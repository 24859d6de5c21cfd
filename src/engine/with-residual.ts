/** Weights that are stored in few bits, with the product of two thin matrices that corrects them. */
import { assert } from '../core/assert.ts';
import { factorize } from '../methods/factorize.ts';
import { fitWeights } from '../methods/fit-weights.ts';
import { readValues } from '../methods/read-values.ts';
import { leftover, outputError } from '../methods/residual.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import { factorMatrix } from '../plan/factor-matrix.ts';
import { looksAtInputs, type PlannedWeight } from '../plan/planned-weight.ts';
import { joined, storeFactors } from './low-rank.ts';
import { storePart } from './store-part.ts';
import { actedOn, errorsWithoutScales } from './under-scales.ts';
import type { CompressedWeight, WeightContext } from './weight-context.ts';

const HARMFUL = 'Its residual is left at 0: stored, it would add to the error';

/**
 * The product makes up for all that the codes differ in from the original, pruning too. It reads what
 * the codes read: with scales both are of the scaled weight.
 * @param source the values that are quantized
 * @throws as `compressWeight`
 */
export async function withResidual(
  item: PlannedWeight,
  source: WeightSource,
  context: WeightContext,
): Promise<CompressedWeight> {
  const { executor, calibrated, seed, signal } = context;
  const { weight, residual, parts, view } = item;
  const part = parts.find((it) => it.part === '');
  assert(part && residual, 'a quantized weight with a residual');
  const inputs = looksAtInputs(part) ? calibrated : null;
  const own = await storePart(
    ...([part, source, { ...context, calibrated: inputs }, { withValues: true }] as const),
  );
  const { values: stored } = own;
  assert(stored, 'asked for');
  const original = await readValues(actedOn(item, context), signal);
  const rest = original.map((value, at) => value - (stored[at] as number));

  const shape = factorMatrix(view, 'channel');
  const { rank, byInputs } = residual.spec;
  const fit = fitWeights(byInputs ? 'svd-llm' : 'plain', shape.axis, calibrated);
  const device = await executor.matrices();
  const { factors } = await factorize(
    ...([device, weight.name, rest, { K: shape.rows, N: shape.columns }] as const),
    ...([{ by: 'rank', rank }, { seed, signal }, fit.weights] as const),
  );
  assert(factors, 'a rank has factors');
  let factorsStored = await storeFactors(item, factors.a, factors.b, context);
  let left = await leftover(
    ...([device, rest, factorsStored.first, factorsStored.second, shape, signal] as const),
  );
  let note = factors.note;
  const errorOf = (e: Float32Array<ArrayBuffer>) =>
    outputError(device, e, shape, fit.weights, signal);
  if ((await errorOf(left)) > (await errorOf(rest))) {
    factorsStored = await storeFactors(
      ...([item, new Float32Array(factors.a.length), new Float32Array(factors.b.length)] as const),
      context,
    );
    left = rest;
    note = HARMFUL;
  }
  return {
    payloads: new Map([...own.payloads, ...factorsStored.payloads]),
    errors: await errorsWithoutScales(item, original, left, context),
    note: joined(own.note, fit.note, note),
  };
}
