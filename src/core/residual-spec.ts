/** The product A · B that is added to a quantized weight, so that part of its error comes back. */
export interface ResidualSpec {
  readonly rank: number;
  /** Fitted to the error at the layer's output; else to the error of the values. */
  readonly byInputs: boolean;
}
