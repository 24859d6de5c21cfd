/** One matrix to codes, by the method that its step names. */
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { gptqCodes } from './gptq-codes.ts';
import { quantizeAwq } from './quantize-awq.ts';
import { quantizeBlocks } from './quantize-blocks.ts';
import { type QuantizeContext, type QuantizedBy, roundToNearest } from './round-to-nearest.ts';
import type { WeightSource } from './weight-source.ts';

type Methods = {
  readonly [Kind in QuantizeMethod['kind']]: (
    method: Extract<QuantizeMethod, { kind: Kind }>,
    source: WeightSource,
    spec: QuantizeSpec,
    context: QuantizeContext,
  ) => Promise<QuantizedBy>;
};

const METHODS: Methods = {
  rtn: async (_, source, spec, context) => ({
    quantized: await roundToNearest(source, spec, context),
    note: null,
  }),
  awq: ({ clip }, source, spec, context) =>
    quantizeAwq(clip, source, spec, context, (own, as) => roundToNearest(own, as, context)),
  hqq: ({ kind }, source, spec, { executor, signal }) =>
    quantizeBlocks(kind, source, spec, executor, signal),
  'k-quant': ({ kind }, source, spec, { executor, signal }) =>
    quantizeBlocks(kind, source, spec, executor, signal),
  gptq: gptqCodes,
};

/** @throws what concerns this weight alone, and as `Executor`; the signal's reason */
export function quantizeBy(
  method: QuantizeMethod,
  source: WeightSource,
  spec: QuantizeSpec,
  context: QuantizeContext,
): Promise<QuantizedBy> {
  // Each entry takes the method of its own kind.
  const find = METHODS[method.kind] as (
    ...args: [QuantizeMethod, WeightSource, QuantizeSpec, QuantizeContext]
  ) => Promise<QuantizedBy>;
  return find(method, source, spec, context);
}
