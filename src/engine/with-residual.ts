/** Weights that are stored in few bits, with the product of two thin matrices that corrects them. */
import { assert } from '../core/assert.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { errorsOf } from '../methods/errors.ts';
import { factorize } from '../methods/factorize.ts';
import { fitWeights } from '../methods/fit-weights.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import { leftover, outputError } from '../methods/residual.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import { factorMatrix } from '../plan/factor-matrix.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { joined, looksAtInputs, storeFactors } from './low-rank.ts';
import { storePart } from './store-part.ts';
import { type CompressedWeight, originalOf, type WeightContext } from './weight-context.ts';
import { scaledInputs, scaledWeight, unscaledWeight } from './weight-scaling.ts';

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
  const { executor, model, scaling, seed, signal } = context;
  const { weight, residual, parts, view } = item;
  const part = parts.find((it) => it.part === '');
  assert(part && residual, 'a quantized weight with a residual');
  const calibrated = scaling ? scaledInputs(context.calibrated, scaling) : context.calibrated;
  const inputs = looksAtInputs(part) ? calibrated : null;
  const own = await storePart(
    ...([part, scaledWeight(source, item, scaling)] as const),
    ...([{ ...context, calibrated: inputs }, { withValues: true }] as const),
  );
  const { values: stored } = own;
  assert(stored, 'asked for');
  const whole = scaledWeight(originalOf(model, weight), item, scaling);
  const original = await readValues(whole, signal);
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
    errors: await errorsWithout(item, original, left, context),
    note: joined(scaling?.inputs?.note ?? null, own.note, fit.note, note),
  };
}

/** Of what the weight stands for without its scales. */
async function errorsWithout(
  item: PlannedWeight,
  original: Float32Array<ArrayBuffer>,
  left: Float32Array<ArrayBuffer>,
  { scaling, signal }: WeightContext,
): Promise<ErrorStatistics> {
  if (!scaling) return errorsOf(original, left);
  const { name, tensor } = item.weight;
  const without = (values: Float32Array<ArrayBuffer>) => {
    const scaled = memorySource(name, values, tensor.dims);
    return readValues(unscaledWeight(scaled, item, scaling), signal);
  };
  return errorsOf(await without(original), await without(left));
}
