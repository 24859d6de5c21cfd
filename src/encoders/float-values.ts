import type { FloatChoice } from '../catalog/encodings.ts';
import type { Encoder } from './encoder.ts';
import { onnx, stored, TYPE_CODES } from './nodes.ts';

/** float16 behind a Cast, which the runtime folds when it loads the model: no 16-bit arithmetic. */
export const float16: Encoder<FloatChoice> = (job) => {
  const { name, dtype } = job.value;
  const to = { to: { int: TYPE_CODES[dtype] } };
  return { kind: 'value', prelude: [onnx('Cast', [stored(job, 'values')], name, to)] };
};

/** The value is stored itself. */
export const dense: Encoder<FloatChoice> = () => ({ kind: 'value', prelude: [] });
