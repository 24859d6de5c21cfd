import { readTensor, readTensorRange } from '../formats/onnx/read-tensor.ts';
import type { SourceDType, WeightSource } from '../methods/weight-source.ts';
import type { Model, Tensor } from '../model/model.ts';

/** A tensor of a model as what methods read from. */
export function sourceOf(model: Model, tensor: Tensor): WeightSource {
  const { name, dims, payload, byteLength } = tensor;
  let whole: Promise<ArrayBuffer> | null = null;
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    if (payload.kind === 'raw') return (await readTensorRange(model, tensor, start, end)).buffer;
    // Typed fields have no fixed element length: decoded once a pass, then cut.
    whole ??= readTensor(model, tensor).then(({ buffer }) => buffer);
    const decoded = await whole;
    if (end === byteLength) whole = null;
    return decoded.slice(start, end);
  };
  return { name, dtype: tensor.dtype as SourceDType, dims, read };
}
