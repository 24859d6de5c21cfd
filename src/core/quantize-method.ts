/**
 * How the codes of a quantized matrix are found. How they are stored is the `QuantizeSpec`'s, so
 * that every way of finding codes works with every way of storing them.
 */
export type QuantizeMethod =
  /** Each value by itself: the nearest level. */
  { readonly kind: 'rtn' };
