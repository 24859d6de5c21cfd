/** Where a convolution is faster in 8-bit integers than in floats on WASM. */

export interface ConvShape {
  readonly outputs: number;
  readonly inputs: number;
  readonly kernel: readonly number[];
  readonly groups: number;
}

export function isFasterInInteger({ outputs, groups }: ConvShape): boolean {
  return groups === 1 && outputs >= 16;
}
