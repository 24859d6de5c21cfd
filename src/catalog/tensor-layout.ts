/** What a stored tensor is. */
import type { DType } from '../core/dtype.ts';

export type TensorRole =
  | 'codes'
  | 'scales'
  | 'zeroPoints'
  | 'columnScales'
  | 'values'
  | 'mask'
  /** Bits of codes beyond those of `codes`. */
  | 'highCodes'
  | 'codebook';

export interface TensorLayout {
  readonly role: TensorRole;
  /** Appended to the weight's name, as ONNX Runtime's quantizers name them. */
  readonly suffix: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
}
