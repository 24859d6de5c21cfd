import { expect, test } from 'vitest';
import { encodingHelp } from './encoding-help.ts';

test('the words of a row are explained, once each', () => {
  expect(encodingHelp('int8-rows int8·channel')).toMatch(
    /^int8-rows: 8-bit rows .* int8·channel: whole numbers of 8 bits, one scale for all of a channel\.$/,
  );
  expect(encodingHelp('dynamic-uint8 int4·32 + dynamic-uint8 int4·32')).toBe(
    `${encodingHelp('dynamic-uint8')} ${encodingHelp('int4·32')}`,
  );
});

test.each([
  ['int4·32', 'int4·32: whole numbers of 4 bits, a scale for every 32.'],
  [
    '2:4 · fp16 packed',
    '2:4: of every 4 values only 2 are not zero. fp16: floats of 16 bits. packed: zeros are not stored.',
  ],
  ['palette3·16', 'palette3·16: codes of 3 bits for values out of one list.'],
  ['nf4·64', 'nf4·64: one of 16 levels that suit a normal distribution, a scale for every 64.'],
  ['failed', ''],
])('%s is explained', (label, help) => {
  expect(encodingHelp(label)).toBe(help);
});
