import { expect, test } from 'vitest';
import { encodingHelp } from './encoding-help.ts';

test('the words of a row are explained, once each', () => {
  expect(encodingHelp('int8-rows int8·channel')).toMatch(/^int8-rows: 8-bit rows/);
  expect(encodingHelp('dynamic-uint8 int8·channel + dynamic-uint8 int4·32')).toBe(
    encodingHelp('dynamic-uint8'),
  );
  expect(encodingHelp('fp32')).toBe('');
});
