/** `lowrank/weighted_*`: layers with their inputs; for tests only. */
import { float32Of, goldenCases } from './golden.ts';
import { gramOf, relativeOutputError } from './output-error.ts';

export type WeightedLayer = ReturnType<typeof weightedLayers>[number];

/** `w` float32 [N, K]; `gram` float64 of its inputs, `sums` what calibration gives of them. */
export const weightedLayers = () =>
  goldenCases('lowrank', 'weighted_').map(({ name, params, arrays, expect: wanted }) => {
    const [N = 0, K = 0] = arrays['weight']!.shape;
    const [count = 0] = arrays['x']!.shape;
    const x = float32Of(arrays['x']!);
    const sumOf = (power: number) =>
      Float64Array.from({ length: K }, (_, k) => {
        let sum = 0;
        for (let t = 0; t < count; t++) sum += Math.abs(x[t * K + k]!) ** power;
        return sum;
      });
    const gram = gramOf(x, count, K);
    const own = { sumAbs: sumOf(1), sumSquares: sumOf(2), gram: new Float32Array(gram) };
    return {
      ...{ name, N, K, gram, w: float32Of(arrays['weight']!) },
      sums: { K, count, ...own },
      wasShifted: (params['gramShift'] as number) > 0,
      variants: (wanted.variants ?? []).map((it) => ({
        rank: it['k'] as number,
        optimum: it['optimum'] as number,
        svd: it['svd'] as number,
        asvd: it['asvd'] as number,
      })),
    };
  });

export function turned(
  values: Float32Array,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    values,
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!,
  );
}

/** The layer's own error of a product [N, K] or, of a weight that lies the other way, [K, N]. */
export function errorOfProduct(
  { N, K, w, gram }: WeightedLayer,
  { a, b, rank }: { readonly a: Float32Array; readonly b: Float32Array; readonly rank: number },
  lies: 'NK' | 'KN',
): number {
  const [rows, columns] = lies === 'NK' ? [N, K] : [K, N];
  const product = new Float32Array(rows * columns);
  for (let at = 0; at < product.length; at++) {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += a[i * rank + r]! * b[r * columns + j]!;
    product[at] = sum;
  }
  return relativeOutputError(w, lies === 'NK' ? product : turned(product, K, N), gram, N, K);
}

/** Lengths of column `r` of the first factor and row `r` of the second. */
export function componentLengths(
  { a, b, rank }: { readonly a: Float32Array; readonly b: Float32Array; readonly rank: number },
  r: number,
): readonly [number, number] {
  const columns = b.length / rank;
  const column = a.filter((_, at) => at % rank === r);
  return [Math.hypot(...column), Math.hypot(...b.subarray(r * columns, (r + 1) * columns))];
}
