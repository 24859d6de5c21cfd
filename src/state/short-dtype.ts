const SHORT: Readonly<Record<string, string>> = {
  float32: 'fp32',
  float16: 'fp16',
  bfloat16: 'bf16',
  float64: 'fp64',
};

/** "fp32" for "float32"; other types keep their name. */
export const shortDtype = (dtype: string): string => SHORT[dtype] ?? dtype;
