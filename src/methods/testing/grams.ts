import { seededRandom } from '../../core/random.ts';

const VECTORS = 24;

/**
 * float32 [K, K]: XᵀX of seeded inputs that have something in common and are of different sizes, every
 * 16th hardly there.
 */
export function gramOf(K: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(K);
  const gram = new Float32Array(K * K);
  for (let vector = 0; vector < VECTORS; vector++) {
    const shared = random.normal();
    const x = Float64Array.from({ length: K }, (_, k) => {
      return (random.normal() + shared) * (k % 16 === 3 ? 0.01 : 1 + (k % 5));
    });
    for (let i = 0, at = 0; i < K; i++) {
      for (let j = 0; j < K; j++, at++) {
        gram[at] = (gram[at] as number) + (x[i] as number) * (x[j] as number);
      }
    }
  }
  return gram;
}
