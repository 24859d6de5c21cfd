import { roundHalfEven } from './round.ts';

export interface RtnSpec {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly symmetric: boolean;
  readonly K: number;
  readonly N: number;
}

/**
 * ONNX Runtime's `rtn_quantize`, for comparison only: float64 scales (`2·max|w| / (2^b-1)`
 * symmetric), a range that is not widened to contain 0, a ragged tail padded with zeros before its
 * range is taken, half to even.
 * - `weight` — float32 [K, N]
 * - `codes`, `zeroPoints` — uint8 [N, blocks · blockSize] and [N, blocks], one a byte
 */
export function rtnQuantize(weight: Float32Array, { bits, blockSize, symmetric, K, N }: RtnSpec) {
  const blockCount = Math.ceil(K / blockSize);
  const top = 2 ** bits - 1;
  const codes = new Uint8Array(N * blockCount * blockSize);
  const scales = new Float32Array(N * blockCount);
  const zeroPoints = new Uint8Array(N * blockCount);
  for (let n = 0; n < N; n++) {
    for (let b = 0; b < blockCount; b++) {
      const block = Array.from({ length: blockSize }, (_, i) => {
        const k = b * blockSize + i;
        return k < K ? weight[k * N + n]! : 0;
      });
      const { scale, zeroPoint } = parameters(block, top, symmetric);
      scales[n * blockCount + b] = scale;
      zeroPoints[n * blockCount + b] = zeroPoint;
      block.forEach((w, i) => {
        const q = roundHalfEven(w / scale + zeroPoint);
        codes[(n * blockCount + b) * blockSize + i] = Math.min(Math.max(q, 0), top);
      });
    }
  }
  return { codes, scales, zeroPoints };
}

function parameters(block: readonly number[], top: number, symmetric: boolean) {
  const min = Math.min(...block);
  const max = Math.max(...block);
  if (symmetric) {
    const extreme = Math.max(-min, max);
    return { scale: extreme > 0 ? Math.fround(2 * extreme) / top : 1, zeroPoint: (top + 1) / 2 };
  }
  const scale = min === max ? 1 : Math.fround(max - min) / top;
  return { scale, zeroPoint: Math.min(Math.max(roundHalfEven(-min / scale), 0), top) };
}
