import { describe, expect, test } from 'vitest';
import { codebookLayout } from '../catalog/codebook-layout.ts';
import { layoutBytes } from '../catalog/encoding-layout.ts';
import type { CodebookChoice } from '../catalog/encodings.ts';
import { type MatrixShape, shapeByAxis } from '../catalog/matrix-shape.ts';
import { NF4_VALUES } from '../core/nf4-values.ts';
import { seededRandom } from '../core/random.ts';
import { elementCount } from '../core/shape.ts';
import { codebookCodes, codebookPayloads, codebookValues } from './codebook-payloads.ts';

const palette = (given: Partial<CodebookChoice>): CodebookChoice => ({
  ...{
    kind: 'codebook',
    encoding: 'codebook',
    entries: 'k-means',
    bits: 4,
    blockSize: null,
    byInputs: false,
  },
  ...{ channels: 'all', scaleType: 'float16', minOpset: 11, adapted: null, ...given },
});
const nf4 = (given: Partial<CodebookChoice>): CodebookChoice =>
  palette({ entries: 'nf4', blockSize: 16, ...given });

const shapes: Readonly<Record<string, MatrixShape>> = {
  '[7, 33]': shapeByAxis([7, 33], 1),
  '[33, 7] transposed': shapeByAxis([33, 7], 0),
  'a kernel': shapeByAxis([5, 3, 3, 3], 0),
  'channels between': shapeByAxis([3, 10, 7], 1),
};

const choices: readonly CodebookChoice[] = [
  ...([1, 2, 3, 4, 5, 6] as const).map((bits) => palette({ bits })),
  ...[1, 3, 64].map((channels) => palette({ bits: 3, channels, scaleType: 'float32' })),
  nf4({}),
  nf4({ encoding: 'matmul-bnb4', scaleType: 'float32', blockSize: 64 }),
];

describe.each(Object.entries(shapes))('%s', (_, shape) => {
  test.each(choices)(
    '$encoding of $entries, $bits bit, $channels channels: comes back',
    (choice) => {
      const random = seededRandom(6);
      const layout = codebookLayout(choice, shape);
      const levelLayout = layout.find(({ role }) => role === 'codebook' || role === 'scales');
      const codes = Uint8Array.from({ length: shape.K * shape.N }, () =>
        random.below(2 ** choice.bits),
      );
      const levels = Float32Array.from(
        { length: elementCount(levelLayout?.dims ?? []) },
        (_, i) => {
          return i / 8 - 3;
        },
      );
      const payloads = codebookPayloads(choice, shape, { codes, levels });
      expect(Object.entries(payloads).map(([role, bytes]) => [role, bytes?.length])).toEqual(
        layout.map((tensor) => [tensor.role, layoutBytes(tensor)]),
      );
      expect(codebookCodes(choice, shape, payloads)).toEqual({ codes, levels });
    },
  );
});

test('values of the channels of one palette', () => {
  const shape = shapeByAxis([2, 3], 1);
  const choice = palette({ bits: 1, channels: 2 });
  const codes = Uint8Array.of(0, 1, 1, 1, 0, 0);
  const levels = Float32Array.of(-1, 1, 5, 6);
  expect([...codebookValues(choice, shape, { codes, levels })]).toEqual([-1, 1, 6, 1, -1, 5]);
});

test('NF4 runs down columns, as MatMulBnb4 does', () => {
  const shape = shapeByAxis([16, 2], 1);
  const codes = Uint8Array.from({ length: 32 }, (_, i) => i % 16);
  const values = codebookValues(nf4({}), shape, { codes, levels: Float32Array.of(1, 2) });
  expect([...values.slice(0, 4)]).toEqual([-1, -2, NF4_VALUES[1], 2 * (NF4_VALUES[1] ?? 0)]);
});

test('one scale a column for the 8-bit product', () => {
  const choice = palette({ bits: 1, encoding: 'codebook-to-uint8', scaleType: 'float32' });
  const stored = { codes: Uint8Array.of(0, 1, 0, 0), levels: Float32Array.of(0, -254) };
  const { columnScales } = codebookPayloads(choice, shapeByAxis([2, 2], 1), stored);
  expect([...new Float32Array(columnScales?.buffer ?? [])]).toEqual([1, 2]);
});
