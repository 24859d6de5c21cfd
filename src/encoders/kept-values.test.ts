import { describe, expect, test } from 'vitest';
import { denseEncoding, encodingForFp16, encodingForRtn } from '../catalog/choose-encoding.ts';
import { encodingLayout, layoutBytes } from '../catalog/encoding-layout.ts';
import type { EncodingChoice, EncodingRow, QuantizedChoice } from '../catalog/encodings.ts';
import { shapeByAxis } from '../catalog/matrix-shape.ts';
import type { TargetId } from '../catalog/targets.ts';
import { seededRandom } from '../core/random.ts';
import { dequantize } from '../reference/dequantize.ts';
import { quantize } from '../reference/quantize.ts';
import { keepNonZeros, restoreZeros } from './kept-values.ts';
import { floatPayloads, payloadsOf } from './payloads.ts';
import { storedMatrix } from './stored-matrix.ts';

/** Of K · N normal values, all but `kept` are zero, at random places. */
function sparseValues(count: number, kept: number, seed: number): Float32Array<ArrayBuffer> {
  const { uniform: float } = seededRandom(seed);
  const keys = Array.from({ length: count }, () => float());
  const order = [...keys.keys()].toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  const values = new Float32Array(count);
  for (const i of order.slice(0, kept)) values[i] = float() + 0.1;
  return values;
}

function choose(row: EncodingRow, target: TargetId, bits: number, blockSize: number | 'channel') {
  const options = { bits, blockSize, symmetric: true, scaleType: 'float16' };
  const shape = shapeByAxis(DIMS[row] ?? [50, 33], row === 'Gather' || row === 'tied' ? 0 : 1);
  const decision = encodingForRtn(options, { row, shape, groups: 1 }, target);
  if ('refused' in decision) throw new Error(decision.refused);
  return { choice: decision.choice, shape };
}

const DIMS: Partial<Record<EncodingRow, number[]>> = { Gather: [33, 56], tied: [33, 64] };

const lengthsAsPlanned = (choice: EncodingChoice, shape: typeof MATRIX, payloads: object) => {
  const planned = encodingLayout(choice, shape).map((it) => [it.role, layoutBytes(it)]);
  const given = Object.entries(payloads).map(([role, bytes]) => [role, bytes.length]);
  expect(given.toSorted()).toEqual(planned.toSorted());
};

const MATRIX = shapeByAxis([50, 33], 1);

describe('codes', () => {
  test.each<[EncodingRow, TargetId, number, number | 'channel']>([
    ['MatMul', 'webgpu', 4, 32],
    ['MatMul', 'webgpu', 8, 16],
    ['MatMul', 'webgpu', 2, 16],
    ['MatMul', 'wasm', 4, 32],
    ['MatMul', 'wasm', 4, 'channel'],
    ['MatMul', 'wasm', 8, 'channel'],
    ['Gather', 'wasm', 8, 'channel'],
    ['Gather', 'wasm', 8, 32],
    ['Gather', 'wasm', 4, 32],
    ['Gather', 'webgpu', 4, 32],
    ['tied', 'wasm', 8, 'channel'],
    ['tied', 'wasm', 4, 16],
    ['tied', 'webgpu', 4, 16],
    ['value', 'wasm', 8, 'channel'],
  ])('%s on %s, %i bits, block %s', (row, target, bits, blockSize) => {
    const { choice, shape } = choose(row, target, bits, blockSize);
    const count = shape.K * shape.N;
    for (const [seed, zeros] of [0.5, 0.93, 0.1].entries()) {
      const nonZeros = count - Math.floor(zeros * count);
      const spec = { ...choice, K: shape.K, N: shape.N, transposed: shape.transposed };
      const values = sparseValues(count, nonZeros, seed + 1);
      // Some more are kept than are not zero.
      const own: QuantizedChoice = { ...choice, kept: nonZeros + 5 * seed };
      const quantized = quantize(values, spec);
      const rows = dequantize(quantized, spec);
      const payloads = payloadsOf(own, shape, quantized);
      lengthsAsPlanned(own, shape, payloads);
      const stored = storedMatrix(own, shape, payloads);
      const channel = new Float32Array(shape.K);
      for (let n = 0; n < shape.N; n++) {
        stored.channel(n, channel);
        expect(channel.map((v) => v + 0)).toEqual(
          rows.slice(n * shape.K, (n + 1) * shape.K).map((v) => v + 0),
        );
      }
    }
  });
});

describe('floats', () => {
  const halves = encodingForFp16();
  if ('refused' in halves) throw new Error(halves.refused);
  test.each([
    ['float32', denseEncoding('float32')],
    ['float16', halves.choice],
  ])('%s come back bit for bit', (dtype, choice) => {
    const count = MATRIX.K * MATRIX.N;
    const { uniform: float } = seededRandom(7);
    const words = Array.from({ length: count }, () =>
      float() < 0.6 ? 0 : Math.ceil(60_000 * float()),
    );
    const bytes = new Uint8Array(
      (dtype === 'float16' ? Uint16Array.from(words) : Uint32Array.from(words)).buffer,
    );
    const own = { ...choice, kept: words.filter((word) => word !== 0).length };
    const payloads = floatPayloads(own, MATRIX, bytes);
    lengthsAsPlanned(own, MATRIX, payloads);
    expect(restoreZeros(own, MATRIX, payloads).values).toEqual(bytes);
  });

  test('more of them than planned are a bug', () => {
    const values = new Uint8Array(Float32Array.from({ length: 1650 }, () => 1).buffer);
    const own = { ...denseEncoding('float32'), kept: 1649 };
    expect(() => keepNonZeros(own, MATRIX, { values })).toThrow('1 more values');
  });
});
