/**
 * The squared error of a layer's outputs, Σ d H dᵀ over the rows d of W - Ŵ, with H = XᵀX.
 * - `rows` — float32 [n, K]
 * - `gram` — float32 [K, K], symmetric: its upper half is read
 */
export function layerError(rows: Float32Array, gram: Float32Array, K: number): number {
  let sum = 0;
  let row = 0;
  // Four rows at a time, so that each product of inputs is read once for them.
  for (; row + 4 * K <= rows.length; row += 4 * K) sum += fourRows(rows, row, gram, K);
  for (; row < rows.length; row += K) sum += oneRow(rows, row, gram, K);
  return sum;
}

function fourRows(rows: Float32Array, start: number, gram: Float32Array, K: number): number {
  const first = rows.subarray(start, start + K);
  const second = rows.subarray(start + K, start + 2 * K);
  const third = rows.subarray(start + 2 * K, start + 3 * K);
  const fourth = rows.subarray(start + 3 * K, start + 4 * K);
  let sum = 0;
  for (let i = 0; i < K; i++) {
    const half = (gram[i * K + i] as number) / 2;
    const a = first[i] as number;
    const b = second[i] as number;
    const c = third[i] as number;
    const d = fourth[i] as number;
    let ofA = half * a;
    let ofB = half * b;
    let ofC = half * c;
    let ofD = half * d;
    const line = gram.subarray(i * K, i * K + K);
    for (let j = i + 1; j < K; j++) {
      const h = line[j] as number;
      ofA += h * (first[j] as number);
      ofB += h * (second[j] as number);
      ofC += h * (third[j] as number);
      ofD += h * (fourth[j] as number);
    }
    sum += 2 * (a * ofA + b * ofB + c * ofC + d * ofD);
  }
  return sum;
}

function oneRow(rows: Float32Array, start: number, gram: Float32Array, K: number): number {
  let sum = 0;
  for (let i = 0; i < K; i++) {
    const a = rows[start + i] as number;
    let ofA = ((gram[i * K + i] as number) / 2) * a;
    for (let j = i + 1; j < K; j++) {
      ofA += (gram[i * K + j] as number) * (rows[start + j] as number);
    }
    sum += 2 * a * ofA;
  }
  return sum;
}
