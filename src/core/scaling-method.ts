/** How the scales of an activation's channels are found. */
export type ScalingMethod =
  /** The ratio between activations and weights that rounds with the least error of the outputs. */
  | { readonly kind: 'awq' }
  /** `max|x|^alpha / max|w|^(1 - alpha)`: outliers of activations go into the weights. */
  | { readonly kind: 'smoothquant'; readonly alpha: number };
