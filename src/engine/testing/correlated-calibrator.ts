import type { Wanted } from '../../bench/calibrate.ts';
import { type Random, seededRandom } from '../../core/random.ts';
import type { InputStatistics } from '../../model/statistics.ts';
import type { Calibrator } from '../calibration.ts';
import { NO_DIVERGENCE } from './no-divergence.ts';

/** Vectors whose products are summed up; further ones are as if nothing tied their entries. */
const VECTORS = 8;
const INDEPENDENT = 500;

/** Correlated inputs, some of them large, of no model: what a runtime would see is not asked. */
export const correlatedCalibrator: Calibrator = {
  rows: async ({ dataset }) => ({ rows: dataset.calibration }),
  divergence: NO_DIVERGENCE,
  pass: async (_, wanted, { count }) =>
    wanted.map(({ K }: Wanted, index) => statisticsOf(K, count, seededRandom(index))),
};

function statisticsOf(K: number, rows: number, random: Random): InputStatistics {
  const gram = new Float32Array(K * K);
  const sizes = Float64Array.from({ length: K }, (_, k) => (k % 11 === 4 ? 6 : 1));
  for (let vector = 0; vector < VECTORS; vector++) {
    const x = sizes.map((size) => 8 * size * random.normal());
    for (let i = 0, at = 0; i < K; i++) {
      const value = x[i] ?? 0;
      for (let j = 0; j < K; j++, at++) gram[at] = (gram[at] ?? 0) + value * (x[j] ?? 0);
    }
  }
  sizes.forEach((size, k) => {
    gram[k * (K + 1)] = (gram[k * (K + 1)] ?? 0) + INDEPENDENT * size * size;
  });
  const count = VECTORS + INDEPENDENT;
  const sumSquares = sizes.map((_, k) => gram[k * (K + 1)] ?? 0);
  const roots = sumSquares.map((square) => Math.sqrt(square * count));
  return {
    ...{ K, count, rows, sumSquares, gram, sum: new Float64Array(K), sumAbs: roots },
    min: Float32Array.from(sizes, (size) => -4 * size),
    max: Float32Array.from(sizes, (size) => 4 * size),
  };
}
