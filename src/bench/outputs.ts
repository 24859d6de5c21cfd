/** What a session gives for one row. */
import type { DType } from '../core/dtype.ts';
import { float16Value } from '../core/float16.ts';

/** Output tensors by name; float16 as bit patterns or a Float16Array, as the browser has it. */
export type Outputs = Readonly<Record<string, OutputTensor>>;

export interface OutputTensor {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number> | ArrayLike<bigint> | readonly string[];
}

/** The values of a float output as float32; null for integers, booleans and strings. */
export function floatsOf({ dtype, data }: OutputTensor): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (dtype === ('float64' satisfies DType)) return Float32Array.from(data as ArrayLike<number>);
  if (dtype !== ('float16' satisfies DType)) return null;
  const values = data as ArrayLike<number>;
  return data instanceof Uint16Array
    ? Float32Array.from(values, float16Value)
    : Float32Array.from(values);
}
