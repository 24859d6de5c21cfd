import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { alignTokens } from './align-tokens.ts';

const letters = (text: string) => [...text];

describe('tokens of one text', () => {
  test.each<[string, string[], string[], number[]]>([
    ['that are the same', ['the', 'cat'], ['the', 'cat'], [0, 1]],
    ['of which one falls to pieces', ['the', 'cat', 's'], ['the', 'c', 'at', 's'], [0, 2, 3]],
    ['that are cut elsewhere', ['ab', 'c', 'd'], ['a', 'bc', 'd'], [-1, 1, 2]],
    ['that end before the other', ['ab', 'c', 'd'], ['ab', 'c'], [0, 1, -1]],
    ['of nothing', [], ['a'], []],
  ])('%s', (_name, original, own, ends) => {
    expect(alignTokens(original, own)).toEqual(ends);
  });

  test('from where they spell otherwise on, no place is the same', () => {
    expect(alignTokens(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([0, -1, -1]);
    expect(alignTokens(['a', 'b', 'c'], ['a', null, 'c'])).toEqual([0, -1, -1]);
    expect(alignTokens(['a', null, 'c'], ['a', 'b', 'c'])).toEqual([0, -1, -1]);
  });

  test('any two ways to cut a text meet where their cuts do, each time at the same character', () => {
    const random = seededRandom(11);
    const text = letters('it is a truth universally acknowledged');
    const cut = (): string[] => {
      const tokens: string[] = [];
      for (const letter of text) {
        if (tokens.length > 0 && random.uniform() < 0.6) tokens[tokens.length - 1] += letter;
        else tokens.push(letter);
      }
      return tokens;
    };
    for (let round = 0; round < 50; round++) {
      const [original, own] = [cut(), cut()];
      const lengthOf = (tokens: string[]) => tokens.join('').length;
      const ownPlaces = own.map((_, at) => lengthOf(own.slice(0, at + 1)));
      const wanted = original.map((_, at) =>
        ownPlaces.indexOf(lengthOf(original.slice(0, at + 1))),
      );
      expect(alignTokens(original, own)).toEqual(wanted);
    }
  });
});
