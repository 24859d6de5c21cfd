/** Between rows of channels and channels side by side, `stride` apart from column to column. */

/** Channels in a row of every buffer come in whole multiples. */
const CHANNELS = 64;

/** Elements from column to column of `N` channels side by side. */
export const strideOf = (N: number): number => CHANNELS * Math.ceil(N / CHANNELS);

/** The most channels or columns, in whole multiples and at least one, that are within `limit`. */
export const wholeWithin = (limit: number): number =>
  CHANNELS * Math.max(1, Math.floor(limit / CHANNELS));

type Values = Float32Array | Uint32Array | Uint8Array;

/** Side of the squares that are turned at once: what they touch stays in a cache. */
const SQUARE = 8;

/** f32 [K, stride], of [N, K]. */
export function channelsBeside(
  rows: Float32Array,
  N: number,
  K: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  return turn(rows, { rows: N, columns: K, stride: K }, new Float32Array(K * stride), stride);
}

/** The inverse, into `rows` [N, K]. */
export function rowsOfChannels<Rows extends Float32Array | Uint8Array>(
  beside: Float32Array | Uint32Array,
  rows: Rows,
  stride: number,
): Rows {
  const K = beside.length / stride;
  return turn(beside, { rows: K, columns: rows.length / K, stride }, rows, K);
}

/** Transposes `from` into `into`, whose rows are `stride` apart. */
function turn<Into extends Values>(
  from: Values,
  shape: { readonly rows: number; readonly columns: number; readonly stride: number },
  into: Into,
  stride: number,
): Into {
  for (let firstRow = 0; firstRow < shape.rows; firstRow += SQUARE) {
    const endRow = Math.min(firstRow + SQUARE, shape.rows);
    for (let first = 0; first < shape.columns; first += SQUARE) {
      const end = Math.min(first + SQUARE, shape.columns);
      for (let row = firstRow; row < endRow; row++) {
        for (let column = first, at = row * shape.stride + first; column < end; column++, at++) {
          into[column * stride + row] = from[at] as number;
        }
      }
    }
  }
  return into;
}

/** u32 [K, stride / 32]: bit i of word r is channel 32 r + i of `goes`, uint8 [N, K]. */
export function pruneWords(
  goes: Uint8Array | null,
  N: number,
  K: number,
  stride: number,
): Uint32Array<ArrayBuffer> {
  const perColumn = stride / 32;
  const words = new Uint32Array(K * perColumn);
  if (!goes) return words;
  for (let n = 0, from = 0; n < N; n++) {
    for (let k = 0; k < K; k++, from++) {
      const at = k * perColumn + (n >> 5);
      if (goes[from]) words[at] = (words[at] as number) | (1 << (n & 31));
    }
  }
  return words;
}
