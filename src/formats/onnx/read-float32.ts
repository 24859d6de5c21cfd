import { assert } from '../../core/assert.ts';
import { isFloat } from '../../core/dtype.ts';
import { widenBfloat16, widenFloat16 } from '../../core/float16.ts';
import type { Tensor } from '../../model/model.ts';
import { type PayloadSource, readTensor } from './read-tensor.ts';

/**
 * A float tensor as float32, row-major: exact for float16 and bfloat16, rounded for float64.
 * @throws as `readTensor`
 */
export async function readFloat32(
  source: PayloadSource,
  tensor: Tensor,
): Promise<Float32Array<ArrayBuffer>> {
  assert(isFloat(tensor.dtype), `${tensor.name} is ${tensor.dtype}, not a float tensor`);
  const { buffer } = await readTensor(source, tensor);
  if (tensor.dtype === 'float32') return new Float32Array(buffer);
  if (tensor.dtype === 'float64') return Float32Array.from(new Float64Array(buffer));
  const halves = new Uint16Array(buffer);
  const words = new Uint32Array(halves.length);
  if (tensor.dtype === 'float16') widenFloat16(halves, words);
  else widenBfloat16(halves, words);
  return new Float32Array(words.buffer);
}
