/** Every encoding that can leave zeros out, in the order of their names. */
export const SPARSE_ENCODINGS = [
  'sparse-blocks-to-uint8',
  'sparse-conv-uint8',
  'sparse-dense',
  'sparse-dequantize-linear',
  'sparse-dynamic-uint8',
  'sparse-float16',
  'sparse-gather-block-quantized',
  'sparse-int8-rows',
  'sparse-matmul-nbits',
  'sparse-packed-rows',
  'sparse-tied-blocks',
  'sparse-tied-nbits',
  'sparse-tied-uint8',
] as const;
