import { seededRandom } from '../../core/random.ts';
import type { InputStatistics } from '../../model/statistics.ts';
import type { Calibrator } from '../calibration.ts';
import { NO_DIVERGENCE } from './no-divergence.ts';

/** Statistics of inputs that nobody saw: some channels far stronger than others, none alike. */
export function madeUpCalibrator(seed: number): Calibrator {
  return {
    rows: async ({ dataset }) => ({ rows: dataset.calibration }),
    divergence: NO_DIVERGENCE,
    pass: async (_, wanted) => {
      const random = seededRandom(seed);
      return wanted.map(({ K, kind }): InputStatistics => {
        const size = Float64Array.from({ length: K }, () => Math.exp(random.normal()));
        const max = Float32Array.from(size, (s) => 3 * s);
        return {
          ...{ K, count: 100, rows: 1, sum: new Float64Array(K), max, min: max.map((x) => -x) },
          ...{ sumAbs: size.map((s) => 80 * s), sumSquares: size.map((s) => 100 * s * s) },
          gram: kind === 'gram' ? gramOf(size) : null,
        };
      });
    },
  };
}

/** Channels that go together a little. */
const gramOf = (size: Float64Array): Float32Array<ArrayBuffer> => {
  const K = size.length;
  return Float32Array.from({ length: K * K }, (_, i) => {
    const [row, column] = [Math.floor(i / K), i % K];
    return 100 * (size[row] ?? 0) * (size[column] ?? 0) * (row === column ? 1 : 0.1);
  });
};
