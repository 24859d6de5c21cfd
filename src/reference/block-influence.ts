/**
 * How much a block turns what passes through it: 1 − the mean cosine between the vectors that it is
 * given and those that it gives. 0 changes no direction; a vector of zeros counts as turned.
 * - `input, output` — row-major float32 [count, width]
 * @see https://arxiv.org/abs/2403.03853
 */
export function blockInfluence(input: Float32Array, output: Float32Array, width: number): number {
  const count = input.length / width;
  let sum = 0;
  for (let at = 0; at < input.length; at += width) {
    let [product, before, after] = [0, 0, 0];
    for (let k = at; k < at + width; k++) {
      const [x, y] = [input[k]!, output[k]!];
      product += x * y;
      before += x * x;
      after += y * y;
    }
    if (before > 0 && after > 0) sum += product / Math.sqrt(before * after);
  }
  return 1 - sum / count;
}
