/** Times of whole weights, values in memory to results in memory, for `npm run gpu -- --weights`. */
import type { CodebookChoice } from '../catalog/encodings.ts';
import type { PruneMethod, PruneSpec } from '../core/prune-spec.ts';
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { searchInputScales } from './awq-scales.ts';
import type { Executor } from './executor.ts';
import { factorize } from './factorize.ts';
import { fitCodebook } from './fit-codebook.ts';
import { pruneWeight } from './magnitude.ts';
import { pruneBy } from './prune-by.ts';
import { quantizeBy } from './quantize-by.ts';
import { memorySource } from './read-values.ts';
import type { WeightSource } from './weight-source.ts';

export interface WeightTime {
  readonly method: string;
  /** On each executor. */
  readonly durationsMs: readonly number[];
}

interface Task {
  readonly executor: Executor;
  readonly source: WeightSource;
  readonly values: Float32Array<ArrayBuffer>;
  readonly statistics: InputStatistics & { readonly gram: Float32Array<ArrayBuffer> };
  readonly side: number;
}

type Job = readonly [method: string, run: (task: Task) => Promise<unknown>];

const { signal } = new AbortController();

const specOf = (side: number): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, scaleType: 'float32' },
  ...{ K: side, N: side, transposed: false, packing: 'blocks' },
});

const rounding = (
  label: string,
  method: QuantizeMethod,
  options: Partial<QuantizeSpec> = {},
): Job => [
  label,
  ({ executor, source, statistics, side }) => {
    const spec = { ...specOf(side), ...options };
    return quantizeBy(method, source, spec, { executor, statistics, signal });
  },
];

const pruning = (label: string, spec: PruneSpec): Job => [
  label,
  ({ executor, source, side }) => {
    const inputs = { axisLength: side, inner: side };
    return pruneWeight(executor.pruning, source, spec, inputs, null, signal);
  },
];

const fittedPruning = (label: string, method: PruneMethod, spec: PruneSpec): Job => [
  label,
  ({ executor, source, statistics, side }) => {
    const view = {
      ...{ K: side, N: side, transposed: false, dims: [side, side], perm: null },
      ...{ inputs: { axisLength: side, inner: side }, operator: 'MatMul' },
    };
    const context = { executor, selection: null, statistics, unseen: null, signal };
    return pruneBy(method, source, spec, view, context);
  },
];

const HALF = { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' } as const;
const TWO_OF_FOUR = { kind: 'n-of-m', n: 2, m: 4 } as const;

const JOBS: readonly Job[] = [
  rounding('rtn 4', { kind: 'rtn' }),
  rounding('rtn 4, clip', { kind: 'rtn' }, { clip: true }),
  rounding('rtn 8 by channel', { kind: 'rtn' }, { bits: 8, blockSize: 'channel' }),
  rounding('hqq 4', { kind: 'hqq' }, { symmetric: false }),
  rounding('k-quant 4', { kind: 'k-quant' }, { symmetric: false }),
  rounding('awq 4', { kind: 'awq', clip: true }),
  rounding('awq 8 by channel', { kind: 'awq', clip: true }, { bits: 8, blockSize: 'channel' }),
  [
    'awq scales 4',
    ({ executor, values, statistics, side }) => {
      const reading = [{ values, spec: specOf(side) }];
      return searchInputScales(reading, statistics, executor.awq, signal);
    },
  ],
  rounding('gptq 4', { kind: 'gptq', damping: 0.01, actOrder: true }),
  pruning('magnitude 50 %', HALF),
  pruning('magnitude 2:4', TWO_OF_FOUR),
  fittedPruning('wanda 50 %', { kind: 'wanda' }, HALF),
  fittedPruning('sparsegpt 50 %', { kind: 'sparsegpt', damping: 0.01 }, HALF),
  fittedPruning('sparsegpt 2:4', { kind: 'sparsegpt', damping: 0.01 }, TWO_OF_FOUR),
  [
    'palettize 4',
    ({ executor, values, side }) => {
      const shape = { K: side, N: side, dims: [side, side], channelAxis: 1 };
      const choice: CodebookChoice = {
        ...{ kind: 'codebook', encoding: 'codebook', entries: 'k-means', bits: 4 },
        ...{ blockSize: null, channels: 'all', byInputs: false, scaleType: 'float32' },
        ...{ minOpset: 13, adapted: null },
      };
      const whole = { ...shape, transposed: false, perm: null };
      return fitCodebook('w', values, choice, whole, executor, signal);
    },
  ],
  [
    'svd, rank of a sixteenth',
    async ({ executor, values, side }) => {
      const spec = { by: 'rank', rank: side >> 4 } as const;
      const sides = { K: side, N: side };
      return factorize(await executor.matrices(), 'w', values, sides, spec, { seed: 1, signal });
    },
  ],
];

/**
 * The second of two runs of each method on a weight of `side` × `side` seeded normal values, by this
 * thread's clock; kernels are compiled by the first. Inputs are correlated with their neighbours.
 * - `side` — a multiple of 64
 * - `only` — part of the methods' names
 * @throws device-lost, out-of-memory, gpu-failed
 */
export async function* timeWeights(
  executors: readonly Executor[],
  side: number,
  only = '',
): AsyncGenerator<WeightTime, void, undefined> {
  const random = seededRandom(1);
  const values = Float32Array.from({ length: side * side }, () => random.normal());
  const source = memorySource('w', values, [side, side]);
  const given = { source, values, statistics: correlatedInputs(side), side };
  for (const [method, run] of JOBS) {
    if (!method.includes(only)) continue;
    const durationsMs: number[] = [];
    for (const executor of executors) {
      await run({ ...given, executor });
      const start = performance.now();
      await run({ ...given, executor });
      durationsMs.push(performance.now() - start);
    }
    yield { method, durationsMs };
  }
}

const VECTORS = 4096;
const CORRELATION = 0.5;

function correlatedInputs(K: number): Task['statistics'] {
  const gram = Float32Array.from({ length: K * K }, (_, at) => {
    return VECTORS * CORRELATION ** Math.abs(Math.floor(at / K) - (at % K));
  });
  return {
    ...{ K, count: VECTORS, rows: VECTORS, gram },
    sum: new Float64Array(K),
    sumAbs: new Float64Array(K).fill(VECTORS * Math.sqrt(2 / Math.PI)),
    sumSquares: new Float64Array(K).fill(VECTORS),
    min: new Float32Array(K).fill(-4),
    max: new Float32Array(K).fill(4),
  };
}
