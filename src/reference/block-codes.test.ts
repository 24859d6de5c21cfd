import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { blockCodes, largestError, rangeOf, squaredError, squaresOf } from './block-codes.ts';
import { blockParameters } from './block-parameters.ts';
import { quantizeElement } from './quantize-element.ts';

const f = Math.fround;

const RULES = [
  ['matmul-nbits', 2],
  ['matmul-nbits', 4],
  ['gather', 4],
  ['gather', 8],
  ['int8', 8],
] as const;
const SCALES = [1, 2 ** -120, 2 ** 100];

test.each(RULES)('%s at %i bits: element by element', (rule, bits) => {
  const random = seededRandom(bits);
  for (const symmetric of [false, true]) {
    for (const times of SCALES) {
      // Steps of eighths lie on the ties between codes, and 0 is among them.
      const values = Float32Array.from({ length: 77 }, (_, i) => {
        return times * (i < 40 ? (random.below(65) - 32) / 8 : random.normal());
      });
      const block = { values, start: 5, end: 71 };
      const own = values.subarray(block.start, block.end);
      const range = rangeOf(block);
      expect(range).toEqual({ low: Math.min(0, ...own), high: Math.max(0, ...own) });
      const spec = { rule, bits, symmetric, scaleType: 'float32' } as const;
      const half = { low: range.low / 2, high: range.high / 2 };
      for (const { low, high } of [range, half, { low: 0, high: 0 }]) {
        const parameters = blockParameters(spec, low, high);
        const codes = new Uint8Array(values.length).fill(255);
        blockCodes(spec, parameters, block, codes, 3);
        const wanted = Array.from(own, (w) => quantizeElement(spec, parameters, w));
        expect([...codes.subarray(3, 3 + own.length)]).toEqual(wanted);
        expect([codes[2], codes[3 + own.length]]).toEqual([255, 255]);
        const errors = wanted.map((q, i) => {
          return f((own[i] as number) - f((q - parameters.zeroPoint) * parameters.scale));
        });
        expect(squaredError(parameters, block, codes, 3)).toBe(
          errors.reduce((sum, e) => sum + e * e, 0),
        );
        expect(largestError(parameters, block, codes, 3)).toBe(Math.max(...errors.map(Math.abs)));
      }
      expect(squaresOf(block)).toBe(own.reduce((sum, w) => sum + w * w, 0));
    }
  }
});
