import { expect, test } from 'vitest';
import { decodeText, encodeText, hasEscapedBytes } from './text.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test.each(['', 'W', 'модель.w', 'out/日本', '👍', '\ufeffmark', '\u0000'])(
  '%j comes back',
  (text) => {
    const encoded = new TextEncoder().encode(text);
    expect(decodeText(encoded)).toBe(text);
    expect(encodeText(text)).toEqual(encoded);
    expect(hasEscapedBytes(text)).toBe(false);
  },
);

test.each([
  ['stray bytes', bytes(0xff, 0xfe)],
  ['a cut sequence', bytes(0x61, 0xe6, 0x97)],
  ['Latin-1', bytes(0x47, 0x72, 0xf6, 0xdf, 0x65)],
  ['an overlong form', bytes(0xc0, 0x80)],
  ['an encoded surrogate', bytes(0xed, 0xb2, 0x80)],
  ['good and bad mixed', bytes(0xe6, 0x97, 0xa5, 0x80, 0x62, 0xf0, 0x9f, 0x91, 0x8d, 0xc3)],
])('%s keep their bytes', (_, input) => {
  const text = decodeText(input);
  expect(hasEscapedBytes(text)).toBe(true);
  expect(encodeText(text)).toEqual(input);
});

test('bytes that differ give texts that differ', () => {
  expect(decodeText(bytes(0xff))).not.toBe(decodeText(bytes(0xfe)));
});

test('an emoji beside a stray byte is not taken for one', () => {
  const text = `👍${String.fromCharCode(0xdcff)}\ud83d\udc80`; // 💀 ends in a unit of the same range
  expect(encodeText(text)).toEqual(bytes(0xf0, 0x9f, 0x91, 0x8d, 0xff, 0xf0, 0x9f, 0x92, 0x80));
  expect(hasEscapedBytes('\ud83d\udc80')).toBe(false);
});
