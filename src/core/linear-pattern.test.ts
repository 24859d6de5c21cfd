import { expect, test } from 'vitest';
import { compilePattern } from './linear-pattern.ts';
import { seededRandom } from './random.ts';
import { StudioError } from './studio-error.ts';

test.each([
  ['', ''],
  ['^encoder\\.layer\\.\\d+\\.', 'encoder.layer.11.output'],
  ['^encoder\\.layer\\.\\d+\\.', 'decoder.layer.11.output'],
  ['layer\\.(0|1|11)\\.', 'layer.11.x'],
  ['layer\\.(0|1)\\.', 'layer.11.x'],
  ['^[^/]+/[A-Z]\\w*$', 'a/MatMul_3'],
  ['^[\\w.-]+$', 'a.b-c'],
  ['^[a\\-z]+$', 'b'],
  ['^[]$', 'a'],
  ['^[^]$', '\n'],
  ['^.$', '\n'],
  ['^a{2,3}$', 'aaaa'],
  ['^a{2,}$', 'aaaa'],
  ['^(ab){2}?$', 'abab'],
  ['^(?:a*)*$', 'aab'],
  ['^(|a)+b', 'aab'],
  ['a$b', 'a$b'],
  ['a\\$b', 'a$b'],
  ['^.$', '😀'],
  ['\\s\\S\\D\\W', '\u00a0ab-'],
])('/%s/ on %j matches as JavaScript has it', (source, text) => {
  expect(compilePattern(source)(text)).toBe(new RegExp(source, 'u').test(text));
});

test('random patterns agree with JavaScript', () => {
  const random = seededRandom(2);
  const pick = (choices: readonly string[]) => choices[random.below(choices.length)] ?? '';
  const pattern = (depth: number): string => {
    const atoms = ['a', 'b', '.', '[ab]', '[^a]', '\\d', '^', '$', ''];
    if (depth === 0) return pick(atoms);
    const inner = pattern(depth - 1);
    return pick([
      `${inner}${pattern(depth - 1)}`,
      `(?:${inner})${pick(['*', '+', '?', '{2}', '{1,2}', '{0,1}', '*?'])}`,
      `(${inner}|${pattern(depth - 1)})`,
    ]);
  };
  let matched = 0;
  for (let i = 0; i < 5000; i++) {
    const source = pattern(random.below(4));
    const text = Array.from({ length: random.below(6) }, () => pick(['a', 'b', '1'])).join('');
    const expected = new RegExp(source, 'u').test(text);
    expect([source, text, compilePattern(source)(text)]).toEqual([source, text, expected]);
    matched += Number(expected);
  }
  expect(matched).toBeGreaterThan(1000);
  expect(matched).toBeLessThan(4800);
});

test.each([
  ['(a', 'without its )'],
  ['a)', 'without its ('],
  ['[a', 'ends too early'],
  ['a\\', 'ends too early'],
  ['*a', 'nothing to repeat'],
  ['a**', 'nothing to repeat'],
  ['a{', 'without a count'],
  ['a{3,2}', 'm above n'],
  ['a{101}', 'over 100 times'],
  ['a}', 'needs \\}'],
  ['[z-a]', 'malformed range'],
  ['[\\d-z]', 'malformed range'],
  ['^*', 'repeats an anchor'],
  ['(?=a)', 'lookaround'],
  ['(?<name>a)', 'lookaround or a named group'],
  ['(a)\\1', 'not supported'],
  ['\\bword', 'not supported'],
  ['\\p{L}', 'not supported'],
  ['a'.repeat(501), '501 characters'],
  ['('.repeat(30) + ')'.repeat(30), 'over 20 deep'],
  ['(a{100}){100}', 'repeats too much'],
  ['((((((){100}){100}){100}){100}){100}){100}', 'repeats too much'],
])('%s is refused: %s', (source, message) => {
  expect(() => compilePattern(source)).toThrow(StudioError);
  expect(() => compilePattern(source)).toThrow(message);
});

test.each(['(a+)+$', '(a|a)*$', '(a*)*$', '.*.*.*.*.*$'])(
  '/^%s/ cannot be made to hang',
  (source) => {
    expect(compilePattern(`^${source.slice(0, -1)}b$`)('a'.repeat(20_000))).toBe(false);
  },
);
