/**
 * How the codes of a quantized matrix are found. How they are stored is the `QuantizeSpec`'s, so
 * that every way of finding codes works with every way of storing them.
 */
export type QuantizeMethod =
  /** Each value by itself: the nearest level. */
  | { readonly kind: 'rtn' }
  /**
   * As `rtn`, on columns that were scaled by what their inputs are; `clip`: blocks are cut where
   * that takes from the error of their outputs.
   */
  | { readonly kind: 'awq'; readonly clip: boolean }
  /** Half-quadratic quantization: the zero point of each block moves to where outliers count less. */
  | { readonly kind: 'hqq' }
  /** Weighted least squares of each block's line through codes and values. */
  | { readonly kind: 'k-quant' }
  /** Along the inputs, each value making up for what earlier ones lost. */
  | {
      readonly kind: 'gptq';
      /** Share of the mean of the diagonal of XᵀX that is added to it. */
      readonly damping: number;
      /** Inputs of large activations first. */
      readonly actOrder: boolean;
    };
