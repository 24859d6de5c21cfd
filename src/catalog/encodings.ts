/**
 * How a compressed weight is stored and computed. `choose-encoding.ts` decides which technique,
 * operator and target get which; `encoding-layout.ts` gives the tensors that each stores, known
 * from shapes and options alone. Planner, encoders and writer all read these layouts, so that a dry
 * run's size is the output's size by construction.
 */

import type { Packing, QuantizeRule } from '../core/quantize-spec.ts';
import type { OptionValue } from './technique.ts';

export type QuantizedEncodingId =
  /** com.microsoft MatMulNBits: packed blocks, multiplied as they are. */
  | 'matmul-nbits'
  /** com.microsoft GatherBlockQuantized on packed uint8 rows. */
  | 'gather-block-quantized'
  /** DynamicQuantizeLinear + MatMulInteger with uint8 columns. */
  | 'dynamic-uint8'
  /** Packed 2- or 4-bit blocks that unpack at load to the `dynamic-uint8` product. */
  | 'blocks-to-uint8'
  /** Gather of packed blocks of rows, unpacked and scaled by ordinary operators. */
  | 'packed-rows'
  /** Gather of 8-bit rows, then Cast and Mul with the row's scale. */
  | 'int8-rows'
  /** DynamicQuantizeLinear + ConvInteger with uint8 kernels. */
  | 'conv-uint8'
  /** One packed table that GatherBlockQuantized and MatMulNBits both read. */
  | 'tied-nbits'
  /** One table of 8-bit rows that is looked up, and turned at load for the `dynamic-uint8` product. */
  | 'tied-uint8'
  /** Packed blocks of rows that are looked up, and unpack at load to the `dynamic-uint8` product. */
  | 'tied-blocks'
  /** Inputs on an 8-bit grid that is known beforehand, weights too: QuantizeLinear, DequantizeLinear. */
  | 'static-int8'
  /** DequantizeLinear gives the weight's own value: any use of it works. */
  | 'dequantize-linear';

export type FloatEncodingId =
  /** float16, and a Cast that folds at load. */
  | 'float16'
  /** As it was, under the name it had. */
  | 'dense';

export type CodebookEncodingId =
  /** com.microsoft MatMulBnb4: packed codes and magnitudes, multiplied as they are. */
  | 'matmul-bnb4'
  /** Packed codes that become, at load, the weight's own value: any use of it works. */
  | 'codebook'
  /** Packed codes that unpack at load to the `dynamic-uint8` product. */
  | 'codebook-to-uint8';

export interface QuantizedChoice {
  readonly kind: 'quantized';
  readonly encoding: QuantizedEncodingId;
  readonly bits: 2 | 4 | 8;
  readonly blockSize: number | 'channel';
  readonly symmetric: boolean;
  readonly scaleType: 'float16' | 'float32';
  readonly rule: QuantizeRule;
  readonly packing: Packing;
  /** Search smaller ranges for the least squared error. */
  readonly clip: boolean;
  /** Of MatMulNBits: 4 rounds activations to 8 bits, 0 keeps them. */
  readonly accuracyLevel: 0 | 4;
  /** Lowest opset of the default domain that has every operator used. */
  readonly minOpset: number;
  /** What was changed from the step's options so that a kernel can use them; null if nothing. */
  readonly adapted: string | null;
  readonly kept?: KeptValues;
  /** How inputs are rounded; of `static-int8` alone. */
  readonly activation?: StaticActivation;
}

export type RangeMethod = 'minmax' | 'percentile' | 'entropy' | 'mse';

/** 8-bit inputs whose range is found over calibration rows. */
export interface StaticActivation {
  /** int8 around 0 as TensorRT wants it; else uint8 with a zero point. */
  readonly signed: boolean;
  readonly range: RangeMethod;
  /** Of values, where `range` is `percentile`. */
  readonly percentile: number;
  /** Calibration rows at most. */
  readonly rows: number;
}

/**
 * How many of a pruned matrix's values are stored, with a bit for each of all; absent: all are. The
 * zeros are put back by nodes that fold at load, before the encoding reads its tensor.
 */
export type KeptValues = number;

export interface FloatChoice {
  readonly kind: 'float';
  readonly encoding: FloatEncodingId;
  /** Of the values as stored. */
  readonly dtype: FloatType;
  readonly minOpset: number;
  readonly adapted: null;
  readonly kept?: KeptValues;
}

/** Codes are the places of entries in a codebook. */
export interface CodebookChoice {
  readonly kind: 'codebook';
  readonly encoding: CodebookEncodingId;
  /** `nf4`: the 16 fixed values of NormalFloat. `k-means`: fitted to the weight, and stored. */
  readonly entries: 'nf4' | 'k-means';
  readonly bits: 1 | 2 | 3 | 4 | 5 | 6;
  /** Of `nf4`: neighbours that share the magnitude that their entries are multiplied by; else null. */
  readonly blockSize: number | null;
  /** Of `k-means`: output channels that share a codebook. */
  readonly channels: number | 'all';
  /** Of `k-means`: values count as much as the squares of what they are multiplied by. */
  readonly byInputs: boolean;
  /** Of entries or magnitudes as stored. */
  readonly scaleType: 'float16' | 'float32';
  readonly minOpset: number;
  readonly adapted: null;
  /** Every code is stored. */
  readonly kept?: undefined;
}

export type FloatType = 'float32' | 'float16' | 'bfloat16' | 'float64';

export type EncodingChoice = QuantizedChoice | FloatChoice | CodebookChoice;

/** An option with the value that a kernel can use. */
export interface OptionFix {
  readonly key: string;
  readonly value: OptionValue;
}

export type EncodingDecision<Choice = EncodingChoice> =
  | { readonly choice: Choice }
  /** `fix` — what would not be refused, where one option decides */
  | { readonly refused: string; readonly fix?: OptionFix };

/** Operators that use a constant as their weight. */
export type WeightOperator =
  | 'MatMul'
  | 'Gemm'
  | 'Conv'
  | 'ConvTranspose'
  | 'Gather'
  | 'LSTM'
  | 'GRU';

/**
 * A row of the table. `tied`: rows of one table are looked up and are the columns of a product, as
 * in language models that share their embedding. `value`: the constant itself must stay a value, because its uses want it in
 * several ways, as a left operand or a batch of matrices, along another axis, or in 16-bit
 * arithmetic.
 */
export type EncodingRow = WeightOperator | 'tied' | 'value';
