import { assert } from '../core/assert.ts';
import { byteScalar, floatScalar, int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { FLOAT, onnx, stored } from './nodes.ts';
import type { LookupSite } from './site.ts';

/**
 * One table of uint8 rows [N, K] for both uses: looked up and widened row by row, and turned to
 * [K, N] for the dynamic 8-bit product, which folds at load.
 */
export const tiedUint8: QuantizedEncoder = (job, context) => {
  const value = (part: string) => context.unique(`${job.name}_${part}`);
  const flat = int64s(context, [job.shape.N]);
  const codes = onnx('Transpose', [stored(job, 'codes')], value('columns'), {
    perm: { ints: [1, 0] },
  });
  const scales = onnx('Reshape', [stored(job, 'scales'), flat], value('column_scales'));
  const zeros = job.tensors.zeroPoints?.name;
  const columnZeros = zeros && onnx('Reshape', [zeros, flat], value('column_zero_points'));
  const matrix = { codes: codes.outputs[0] ?? '', scales: scales.outputs[0] ?? '' };
  return {
    kind: 'operator',
    prelude: [codes, scales, ...(columnZeros ? [columnZeros] : [])],
    replace: (site, own) => {
      if (site.kind === 'lookup') return lookUp(site, job, own);
      assert(site.kind === 'product', `${job.name} is multiplied`);
      const zeroPoints = columnZeros ? (columnZeros.outputs[0] ?? '') : byteScalar(own, 128);
      return integerProduct(site, { ...matrix, zeroPoints }, own);
    },
  };
};

function lookUp({ input, output }: LookupSite, job: QuantizedJob, context: EncodeContext) {
  const value = (part: string) => context.unique(`${output}_${part}`);
  const gather = (table: string, part: string) =>
    onnx('Gather', [table, input], value(part), { axis: { int: 0 } });
  const widen = (from: readonly string[], part: string) =>
    onnx('Cast', from, value(part), { to: { int: FLOAT } });
  const codes = gather(stored(job, 'codes'), 'codes');
  const levels = widen(codes.outputs, 'levels');
  const scale = gather(stored(job, 'scales'), 'scale');
  const nodes = [codes, levels, scale];
  let zero = floatScalar(context, 128);
  if (job.tensors.zeroPoints) {
    const rows = gather(job.tensors.zeroPoints.name, 'zero_point');
    const wide = widen(rows.outputs, 'zero_level');
    nodes.push(rows, wide);
    zero = wide.outputs[0] ?? '';
  }
  const centred = onnx('Sub', [...levels.outputs, zero], value('centred'));
  return [...nodes, centred, onnx('Mul', [...centred.outputs, ...scale.outputs], output)];
}
