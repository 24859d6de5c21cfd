import { seededRandom } from '../../core/random.ts';
import { memorySource } from '../read-values.ts';
import type { WeightSource } from '../weight-source.ts';

/** A weight with many equal magnitudes of both signs, zeros of both signs, and normal values. */
export function tied(name: string, length: number, seed: number): WeightSource {
  const random = seededRandom(seed);
  const values = Float32Array.from({ length }, () => {
    const kind = random.below(4);
    if (kind === 0) return random.below(2) === 0 ? 0 : -0;
    return kind === 1 ? random.normal() : (random.below(9) - 4) / 4;
  });
  return memorySource(name, values, [length]);
}
