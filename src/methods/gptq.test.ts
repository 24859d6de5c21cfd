import { expect, test } from 'vitest';
import type { Packing, QuantizeRule, QuantizeSpec } from '../core/quantize-spec.ts';
import { blockParameters } from '../reference/block-parameters.ts';
import { dequantize } from '../reference/dequantize.ts';
import { gptq as defined } from '../reference/gptq.ts';
import { quantize } from '../reference/quantize.ts';
import { quantizeElement } from '../reference/quantize-element.ts';
import { goldenCases } from '../reference/testing/golden.ts';
import {
  type GoldenLayer,
  layerOf,
  paperFactor,
  relativeError,
} from '../reference/testing/layers.ts';
import { CpuFeedback } from './feedback-device.ts';
import { type GptqTask, gptq } from './gptq.ts';
import type { LayerInputs } from './layer-factor.ts';

const device = new CpuFeedback();
const { signal } = new AbortController();
const layer = (name: string) => {
  const [golden] = goldenCases('gptq', name);
  if (!golden) throw new Error(`golden/gptq/${name}`);
  return layerOf(golden);
};
const inputsOf = ({ K, gram }: GoldenLayer, count = 512): LayerInputs => ({
  ...{ K, count, gram: Float32Array.from(gram) },
});

function taskOf(
  own: GoldenLayer,
  spec: Partial<QuantizeSpec>,
  more: Partial<GptqTask> = {},
): GptqTask {
  const { weight, N, K } = own;
  const whole: QuantizeSpec = {
    ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, scaleType: 'float16' },
    ...{ packing: 'blocks', transposed: true, K, N },
    ...spec,
  };
  const plain = quantize(weight, whole);
  return {
    ...{ values: weight, pruned: null, plain, spec: whole, inputs: inputsOf(own) },
    ...{ damping: 0.01, actOrder: true },
    ...more,
  };
}

const layers = ['layer_48x256', 'layer_32x128', 'rankdeficient', 'deadcols', 'white'] as const;
const stored: readonly (readonly [
  QuantizeRule,
  2 | 4 | 8,
  number | 'channel',
  boolean,
  Packing,
])[] = [
  ['matmul-nbits', 4, 32, true, 'blocks'],
  ['matmul-nbits', 4, 128, false, 'blocks'],
  ['matmul-nbits', 2, 16, false, 'columns'],
  ['gather', 4, 32, false, 'rows'],
  ['int8', 8, 'channel', true, 'columns'],
  ['int8', 4, 'channel', true, 'columns'],
];

test.each(layers)(
  '%s: every way of storing integers, no channel worse than rounding',
  async (name) => {
    const own = layer(name);
    for (const [rule, bits, blockSize, symmetric, packing] of stored) {
      for (const actOrder of [true, false]) {
        const spec = { rule, bits, blockSize, symmetric, packing };
        const task = taskOf(own, spec, { actOrder });
        const { quantized, note } = await gptq(device, task, signal);
        const { scales, zeroPoints, codes, errors } = quantized;
        expect([scales, zeroPoints]).toEqual([task.plain.scales, task.plain.zeroPoints]);
        expect(codes.length).toBe(task.plain.codes.length);
        const [kept, rounded] = [
          dequantize(quantized, task.spec),
          dequantize(task.plain, task.spec),
        ];
        const { N, K, weight, gram } = own;
        for (let n = 0; n < N; n++) {
          const part = [n * K, (n + 1) * K] as const;
          const row = { N: 1, K, gram, weight: weight.subarray(...part) };
          const ratio =
            relativeError(row, kept.subarray(...part)) /
            relativeError(row, rounded.subarray(...part));
          expect(ratio).toBeLessThan(1.0001);
        }
        const ratio = relativeError(own, kept) / relativeError(own, rounded);
        const told = Number(note.match(/Layer error (\S+) ×/)?.[1]);
        expect(told / ratio).toBeCloseTo(1, 1);
        const sum = kept.reduce(
          (total, value, i) => total + (value - (weight[i] as number)) ** 2,
          0,
        );
        expect(errors.sumSquaredError / sum).toBeCloseTo(1, 4);
      }
    }
  },
);

test('as good as the definition of GPTQ at the same scales', async () => {
  for (const name of layers.slice(0, 3)) {
    const own = layer(name);
    for (const actOrder of [true, false]) {
      const task = taskOf(own, { scaleType: 'float32' }, { actOrder });
      const { quantized } = await gptq(device, task, signal);
      const { values } = defined({
        ...{ weight: own.weight, N: own.N, ...paperFactor(own, actOrder) },
        ...{ blockSize: 32, mode: 'static', lazyBlock: 128 },
        rule: {
          parameters: (low, high) => blockParameters(task.spec, low, high),
          code: (block, w) => quantizeElement(task.spec, block, Math.fround(w)),
        },
      });
      const ratio =
        relativeError(own, dequantize(quantized, task.spec)) / relativeError(own, values);
      expect(ratio).toBeLessThan(1.02);
    }
  }
});

test('pruned values stay 0, and the others make up for them', async () => {
  const own = layer('layer_48x256');
  const pruned = Uint8Array.from({ length: own.weight.length }, (_, i) => i & 1);
  const rest = own.weight.map((value, i) => (pruned[i] ? 0 : value));
  const task = taskOf({ ...own, weight: rest }, { symmetric: false });
  const { quantized } = await gptq(device, { ...task, values: own.weight, pruned }, signal);
  const kept = dequantize(quantized, task.spec);
  expect(kept.every((value, i) => !pruned[i] || value === 0)).toBe(true);
  const plain = relativeError(own, dequantize(task.plain, task.spec));
  expect(relativeError(own, kept)).toBeLessThan(0.5 * plain);
});

test('statistics that say little are told of, and what they say is used', async () => {
  const few = layer('rankdeficient');
  const task = taskOf(few, {}, { inputs: inputsOf(few, 48) });
  const { note } = await gptq(device, task, signal);
  expect(note).toContain('48 calibration vectors for 128 inputs');
  const dead = layer('deadcols');
  expect((await gptq(device, taskOf(dead, {}), signal)).note).toContain(
    '4 of 96 inputs are always 0',
  );

  // Without damping a singular matrix has no factor.
  const raised = await gptq(device, { ...task, damping: 0 }, signal);
  expect(raised.note).toContain('damping raised to');
});

test('statistics that say nothing leave plain rounding', async () => {
  const own = layer('white');
  const { K } = own;
  for (const [value, reason] of [
    [Number.NaN, 'not finite'],
    [Number.POSITIVE_INFINITY, 'not finite'],
    [0, 'all that it was given is 0'],
  ] as const) {
    const inputs = { K, count: 512, gram: new Float32Array(K * K).fill(value) };
    const task = taskOf(own, {}, { inputs });
    const { quantized, note } = await gptq(device, task, signal);
    expect(quantized).toBe(task.plain);
    expect(note).toContain(reason);
  }
});

test('a cancel is heeded', async () => {
  const reason = new Error('enough');
  await expect(gptq(device, taskOf(layer('white'), {}), AbortSignal.abort(reason))).rejects.toBe(
    reason,
  );
});
