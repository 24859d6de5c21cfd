import type { InputStatistics } from '../model/statistics.ts';

/** Of inputs that come divided by `scales`, [K]. */
export function scaledStatistics(
  statistics: InputStatistics,
  scales: Float32Array,
): InputStatistics {
  const { K, gram } = statistics;
  const once = <A extends Float32Array | Float64Array>(values: A): A =>
    values.map((value, k) => value / (scales[k] as number)) as A;
  return {
    ...statistics,
    sum: once(statistics.sum),
    sumAbs: once(statistics.sumAbs),
    sumSquares: once(once(statistics.sumSquares)),
    min: once(statistics.min),
    max: once(statistics.max),
    gram: gram && dividedGram(gram, scales, K),
  };
}

const dividedGram = (
  gram: Float32Array<ArrayBuffer>,
  scales: Float32Array,
  K: number,
): Float32Array<ArrayBuffer> =>
  gram.map((h, i) => h / (scales[Math.floor(i / K)] as number) / (scales[i % K] as number));
