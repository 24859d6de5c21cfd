/** Where a convolution is faster in 8-bit integers than in floats on WASM. */

export interface ConvShape {
  /** Output channels. */
  readonly outputs: number;
  /** Input channels, of all groups. */
  readonly inputs: number;
  readonly kernel: readonly number[];
  readonly groups: number;
}

/** Values that one output sums over, below which making 8-bit activations costs more than it saves. */
const LEAST_SUMMANDS = 64;
/** Output channels of a group that share the activations. */
const LEAST_OUTPUTS = 16;

/**
 * ConvInteger on uint8 against Conv on floats, onnxruntime-web 1.30 WASM, median float time over
 * integer time with 1 and 2 threads on a busy two-core x64 (Zen 3):
 *
 *   3×3   16→32 @28  1.7 3.0    3×3   64→64 @56   2.0 2.3    3×3  128→128 @28  2.1 2.6
 *   3×3    8→64 @28  1.7 1.6    3×3   64→64 @14   2.0 2.4    1×1  256→256 @14  2.0 3.1
 *   3×3   64→8  @28  1.4 1.3    1×1   64→64 @56   1.5 1.4    3×3   64→64 @28, 2 groups  1.8 5.3
 *   3×3    1→16 @28  0.8 1.0    1×1   16→32 @28   0.8 0.8    3×3  256→256 @14, 32 groups 1.1 1.0
 *   3×3    8→8  @28  1.1 1.1    depthwise 3×3     0.6 0.6    1-D, 3: 64→128 @400  1.0 0.9
 *   3×3×3 16→32      0.3 0.1    1-D depthwise, 9  0.01 0.01  1-D, 3: 256→256 @100 3.4 1.7
 *
 * The exact DequantizeLinear before a float Conv takes about the float's time (0.9 to 1.1).
 */
export function isFasterInInteger({ outputs, inputs, kernel, groups }: ConvShape): boolean {
  const summands = kernel.reduce((product, length) => product * length, inputs / groups);
  return kernel.length === 2 && summands >= LEAST_SUMMANDS && outputs / groups >= LEAST_OUTPUTS;
}
