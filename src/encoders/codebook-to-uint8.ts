import type { CodebookChoice } from '../catalog/encodings.ts';
import { codebookValue } from './codebook.ts';
import type { Encoder } from './encoder.ts';
import { onnx } from './nodes.ts';
import { uint8Columns } from './uint8-columns.ts';

/**
 * A codebook's values, rounded at load to uint8 columns for the dynamic 8-bit product: small in the
 * file, fast on WASM.
 */
export const codebookToUint8: Encoder<CodebookChoice> = (job, context) => {
  const value = context.unique(`${job.name}_values`);
  const nodes = [...codebookValue(job, value, context)];
  let matrix = value;
  if (job.shape.transposed) {
    matrix = context.unique(`${job.name}_columns`);
    nodes.push(onnx('Transpose', [value], matrix, { perm: { ints: [1, 0] } }));
  }
  const columns = uint8Columns(job, matrix, context);
  return { kind: 'operator', prelude: [...nodes, ...columns.nodes], replace: columns.multiply };
};
