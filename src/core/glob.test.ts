import { expect, test } from 'vitest';
import { compileGlob } from './glob.ts';
import { seededRandom } from './random.ts';

test.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['*/intermediate/*', '/bert/encoder/layer.0/intermediate/dense/MatMul', true],
  ['*/intermediate/*', 'intermediate', false],
  ['encoder.*.weight', 'encoder.layer.0.output.weight', true],
  ['encoder.*.weight', 'encoder.layer.0.output.bias', false],
  ['layer.?', 'layer.7', true],
  ['layer.?', 'layer.11', false],
  ['layer.?', 'layer.', false],
  ['?', '😀', true],
  ['a[0]\\b', 'a[0]\\b', true],
  ['a[0]', 'a0', false],
  ['*a*b*c*', 'xxaxbxcx', true],
  ['*a*b*c*', 'xxcxbxax', false],
  ['**', 'any/thing', true],
])('glob %j on %j is %j', (pattern, text, expected) => {
  expect(compileGlob(pattern)(text)).toBe(expected);
});

test('random patterns agree with a regular expression of the same meaning', () => {
  const random = seededRandom(1);
  const word = (alphabet: string) =>
    Array.from({ length: random.below(9) }, () => alphabet[random.below(alphabet.length)]).join('');
  let matched = 0;
  for (let i = 0; i < 5000; i++) {
    const pattern = word('ab/*?*');
    const text = word('ab/');
    const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
    const expected = new RegExp(`^(?:${source})$`, 's').test(text);
    expect([pattern, text, compileGlob(pattern)(text)]).toEqual([pattern, text, expected]);
    matched += Number(expected);
  }
  expect(matched).toBeGreaterThan(300);
});

test('a pattern made to backtrack ends at once', () => {
  const matches = compileGlob('*a'.repeat(200));
  expect(matches(`${'a'.repeat(20_000)}b`)).toBe(false);
});
