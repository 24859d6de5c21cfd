/** Between rows of channels and channels side by side, `stride` apart from column to column. */

/** f32 [K, stride], of [N, K]. */
export function channelsBeside(
  rows: Float32Array,
  N: number,
  K: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  const beside = new Float32Array(K * stride);
  for (let n = 0, from = 0; n < N; n++) {
    for (let k = 0; k < K; k++, from++) beside[k * stride + n] = rows[from] as number;
  }
  return beside;
}

/** The inverse, into `rows` [N, K]. */
export function rowsOfChannels<Rows extends Float32Array | Uint8Array>(
  beside: Float32Array | Uint32Array,
  rows: Rows,
  stride: number,
): Rows {
  const K = beside.length / stride;
  for (let at = 0, n = 0; at < rows.length; n++) {
    for (let k = 0; k < K; k++, at++) rows[at] = beside[k * stride + n] as number;
  }
  return rows;
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
