/**
 * Inputs and weights through DequantizeLinear, inputs rounded over a range that is known beforehand:
 *
 *   x → QuantizeLinear → DequantizeLinear ─┐
 *   codes, scales → DequantizeLinear ──────┴→ MatMul or Conv
 *
 * Runtimes fuse that into an 8-bit product. A convolution is fused where its bias is int32 and its
 * output is on a grid too.
 */
import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import type { EncodeContext, WantedRange } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { onnx, stored } from './nodes.ts';
import { plainNodes } from './plain-nodes.ts';
import type { ConvSite } from './site.ts';

export const staticInt8: QuantizedEncoder = (job, context) => {
  const { activation } = job.choice;
  assert(activation, 'static inputs');
  const tensors = [stored(job, 'codes'), stored(job, 'scales'), stored(job, 'zeroPoints')];
  const weight = context.unique(`${job.name}_DequantizeLinear_Output`);
  const axis = { axis: { int: job.shape.dims.length === 2 ? 1 : 0 } };
  return {
    kind: 'operator',
    prelude: [onnx('DequantizeLinear', tensors, weight, axis)],
    replace: (site, own) => {
      assert(site.kind !== 'lookup', `${job.name} is multiplied`);
      const { input } = site;
      const known = own.onGrid.get(input);
      const range = known ?? own.rangeOf(input, site.seen ?? input, activation);
      const grid = known ? { value: input, nodes: [] } : gridOf(input, range, own);
      const bias =
        site.kind === 'conv' ? int32Bias(site, job, range, own) : { value: site.bias, nodes: [] };
      const given = { ...site, input: grid.value, bias: bias.value };
      return [...grid.nodes, ...bias.nodes, ...plainNodes(given, weight, own)];
    },
  };
};

/** A value on its grid, once for all that read it. */
function gridOf(
  value: string,
  range: WantedRange,
  context: EncodeContext,
): { readonly value: string; readonly nodes: readonly NodeSpec[] } {
  const known = context.grids.get(value);
  if (known) return { value: known, nodes: [] };
  const result = context.unique(`${value}_DequantizeLinear_Output`);
  context.grids.set(value, result);
  return { value: result, nodes: gridNodes(value, result, range, context) };
}

/** `value` rounded to its grid, as floats under the name `result`. */
export function gridNodes(
  value: string,
  result: string,
  { scale, zeroPoint }: WantedRange,
  context: EncodeContext,
): readonly NodeSpec[] {
  const codes = context.unique(`${value}_QuantizeLinear_Output`);
  const grid = [scale.name, zeroPoint.name];
  return [
    onnx('QuantizeLinear', [value, ...grid], codes),
    onnx('DequantizeLinear', [codes, ...grid], result),
  ];
}

/** Of a kernel whose inputs are unsigned; runtimes that want signed ones take floats. */
function int32Bias(
  { bias }: ConvSite,
  job: QuantizedJob,
  input: WantedRange,
  context: EncodeContext,
): { readonly value: string; readonly nodes: readonly NodeSpec[] } {
  const weightScales = job.tensors.scales;
  const { N } = job.shape;
  const constant = context.graph.tensors.get(bias);
  const isPlain = constant?.dtype === 'float32' && constant.dims.join() === `${N}`;
  if (!isPlain || !weightScales || job.choice.activation?.signed) {
    return { value: bias, nodes: [] };
  }
  const make = (part: string, dtype: 'int32' | 'float32') => ({
    ...{ name: context.unique(`${bias}_${part}`), dtype, dims: [N] },
    key: `bias\n${job.name}\n${part}`,
  });
  const [codes, scales] = [make('quantized', 'int32'), make('quantized_scale', 'float32')];
  context.wantBias({ bias, input, weightScales, codes, scales });
  const value = context.unique(`${bias}_DequantizeLinear_Output`);
  const axis = { axis: { int: 0 } };
  return { value, nodes: [onnx('DequantizeLinear', [codes.name, scales.name], value, axis)] };
}
