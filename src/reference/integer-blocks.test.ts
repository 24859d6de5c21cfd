import { describe, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { BlockParameters } from './block-parameters.ts';
import { dequantize } from './dequantize.ts';
import { hqqZeros } from './hqq.ts';
import { hqqBlock } from './hqq-block.ts';
import { SolvedBlocks } from './integer-blocks.ts';
import { kQuantBlock } from './k-quant.ts';
import { quantize } from './quantize.ts';
import { packBlocks, type SettledBlocks } from './settled-blocks.ts';

const [K, N] = [100, 24];
const specOf = (spec: Partial<QuantizeSpec>): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float16' },
  ...{ K, N, transposed: true, packing: 'blocks', ...spec },
});

const random = seededRandom(4);
const weights: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {
  normal: Float32Array.from({ length: N * K }, () => random.normal() * 0.05),
  'long tails': Float32Array.from({ length: N * K }, () => random.normal() ** 3),
  'above zero': Float32Array.from({ length: N * K }, () => 1 + random.normal() * 0.1),
  zeros: new Float32Array(N * K),
};

type BlockSolver = (values: Float32Array, block: number) => BlockParameters;

function solved(weight: Float32Array, spec: QuantizeSpec, solve: BlockSolver): SettledBlocks {
  const blocks = new SolvedBlocks(weight, spec);
  for (let index = 0; index < blocks.count; index++) {
    const { start, end } = blocks.block(index);
    blocks.settle(index, solve(weight.subarray(start, end), index));
  }
  return blocks.finish();
}

function hqqSolver(weight: Float32Array, { bits, blockSize }: QuantizeSpec): BlockSolver {
  const groupSize = blockSize === 'channel' ? K : blockSize;
  const hqq = { bits, rowLength: K, groupSize, roundZero: bits === 4, variant: 'hqq' } as const;
  const { steps, zeros } = hqqZeros(weight, hqq);
  return (values, block) => hqqBlock(values, bits, { step: steps[block]!, zero: zeros[block]! });
}

const specs: Partial<QuantizeSpec>[] = [
  { bits: 2, blockSize: 16 },
  { bits: 4, packing: 'columns' },
  { bits: 4, blockSize: 'channel', packing: 'rows', scaleType: 'float32' },
  { bits: 8, rule: 'gather', packing: 'rows' },
  { bits: 8, rule: 'int8', blockSize: 'channel', packing: 'columns', scaleType: 'float32' },
];

describe.each(Object.entries(weights))('%s', (name, weight) => {
  test.each(specs)('never worse than plain rounding: %o', (given) => {
    const spec = specOf(given);
    const plain = quantize(weight, spec).errors.sumSquaredError;
    const solvers = {
      hqq: hqqSolver(weight, spec),
      'k-quant': (values: Float32Array) => kQuantBlock(values, spec.bits),
    };
    for (const [method, solve] of Object.entries(solvers)) {
      const blocks = solved(weight, spec, solve);
      const { errors } = blocks;
      expect(errors.sumSquaredError, method).toBeLessThanOrEqual(plain * (1 + 1e-6));
      if (name === 'normal') {
        expect(blocks.solved).toBeGreaterThan(blocks.scales.length / 4);
        expect(errors.sumSquaredError).toBeLessThan(0.99 * plain);
      }
    }
  });
});

test('errors are those of what is stored', () => {
  const weight = weights['normal']!;
  const spec = specOf({ packing: 'columns' });
  const own = packBlocks(
    solved(weight, spec, (values) => kQuantBlock(values, 4)),
    spec,
  );
  const stored = dequantize(own, spec);
  const error = weight.reduce((sum, w, i) => sum + (w - stored[i]!) ** 2, 0);
  expect(own.errors.sumSquaredError).toBeCloseTo(error, 6);
  expect(own.errors.maxAbsError).toBe(
    weight.reduce((most, w, i) => Math.max(most, Math.abs(Math.fround(w - stored[i]!))), 0),
  );
});

test('a solver that is worse everywhere leaves plain rounding', () => {
  const spec = specOf({});
  const weight = weights['normal']!;
  const blocks = solved(weight, spec, () => ({ scale: 100, zeroPoint: 3 }));
  expect(blocks.solved).toBe(0);
  const { codes, scales, zeroPoints } = packBlocks(blocks, spec);
  expect({ codes, scales, zeroPoints }).toEqual(
    (({ errors, ...rest }) => rest)(quantize(weight, spec)),
  );
});
