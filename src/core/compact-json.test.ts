import { expect, test } from 'vitest';
import { compactJson } from './compact-json.ts';

test('short parts stay on a line, and the text means the same', () => {
  const value = { a: [1, 'x'], long: { op: ['MatMul', 'Gemm'], name: 'y'.repeat(40) }, none: {} };
  const text = compactJson(value);
  expect(text.split('\n')).toEqual([
    '{',
    '  "a": [1, "x"],',
    '  "long": {',
    '    "op": ["MatMul", "Gemm"],',
    `    "name": "${'y'.repeat(40)}"`,
    '  },',
    '  "none": {}',
    '}',
  ]);
  expect(JSON.parse(text)).toEqual(value);
  const filled = { 'a key': ['x'.repeat(20), 'y'.repeat(20)] };
  expect(
    Math.max(
      ...compactJson(filled, 50)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThan(50);
});
