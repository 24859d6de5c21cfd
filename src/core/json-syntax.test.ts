import { expect, test } from 'vitest';
import { parseJson } from './json-syntax.ts';
import { seededRandom } from './random.ts';
import { StudioError } from './studio-error.ts';

const parse = (text: string) => parseJson(text, 'The recipe', 'bad-recipe');

test.each([
  ['', '"a value" at line 1, column 1'],
  ['{\n  "a": 1,\n}', 'a key in double quotes is missing at line 3, column 1'],
  ["{ 'a': 1 }", 'a key in double quotes is missing at line 1, column 3'],
  ['{"a" 1}', '":" is missing at line 1, column 6'],
  ['[1 2]', '"," or "]" is missing at line 1, column 4'],
  ['[1,\n2', 'the end comes before "," or "]" at line 2, column 2'],
  ['{} x', 'text after the end at line 1, column 4'],
  ['["\t"]', 'a value is missing at line 1, column 2'],
  ['[01]', '"," or "]" is missing at line 1, column 3'],
  ['[NaN]', 'a value is missing at line 1, column 2'],
  ['['.repeat(200), 'nesting over 100 deep at line 1, column 102'],
  ['<!doctype html>', 'a value is missing at line 1, column 1'],
])('%j: %s', (text, message) => {
  expect(() => parse(text)).toThrow(StudioError);
  expect(() => parse(text)).toThrow(message.replace('"a value"', 'the end comes before a value'));
});

test('a byte-order mark is skipped', () => {
  expect(parse('\ufeff{"a":[1,"\\u00e9",null,true,-1.5e3]}')).toEqual({
    a: [1, 'é', null, true, -1500],
  });
});

test('accepts what JSON.parse accepts and nothing else, over random damage', () => {
  const random = seededRandom(9);
  const sound = '{"a": [1, -2.5e+7, "x\\n\\u0041", true, null], "b": {"c": {}, "d": []}} ';
  const junk = '{}[],:"\\ 0-+.eEu\n\ttrfn';
  let accepted = 0;
  for (let i = 0; i < 5000; i++) {
    const characters = [...sound];
    for (let n = random.below(3); n >= 0; n--) {
      const at = random.below(characters.length);
      characters.splice(at, random.below(2), junk[random.below(junk.length)] ?? '');
    }
    const text = characters.join('');
    const outcome = (read: (text: string) => unknown) => {
      try {
        return { value: read(text) };
      } catch {
        return 'refused';
      }
    };
    expect([text, outcome(parse)]).toEqual([text, outcome((json) => JSON.parse(json))]);
    accepted += Number(outcome(parse) !== 'refused');
  }
  expect(accepted).toBeGreaterThan(200);
});

test.each([
  ['plain', 'a'.repeat(20_000_000)],
  ['escaped', '\\n'.repeat(10_000_000)],
])('a string of 20 MB, %s, is read', (_, inside) => {
  expect(String(parse(`"${inside}"`)).length).toBeGreaterThanOrEqual(10_000_000);
  expect(() => parse(`"${inside}`)).toThrow('a value is missing at line 1, column 1');
});
