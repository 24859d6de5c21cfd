import { expect, test } from 'vitest';
import { float16Bits, float16Value, widenBfloat16, widenFloat16 } from './float16.ts';

const every = Uint16Array.from({ length: 65_536 }, (_, i) => i);

test('every float16 survives the way to float32 and back', () => {
  const words = new Uint32Array(every.length);
  widenFloat16(every, words);
  const floats = new Float32Array(words.buffer);
  for (const bits of every) {
    const value = floats[bits] as number;
    expect(Object.is(value, float16Value(bits))).toBe(true);
    if (!Number.isNaN(value)) expect(float16Bits(value)).toBe(bits);
  }
});

test('rounds half to even between neighbours', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const middle = (float16Value(bits) + float16Value(bits + 1)) / 2;
    const even = bits + (bits & 1);
    expect(float16Bits(middle)).toBe(even);
    expect(float16Bits(-middle)).toBe(0x8000 | even);
    expect(float16Bits(middle * (1 + 2 ** -20))).toBe(bits + 1);
    expect(float16Bits(middle * (1 - 2 ** -20))).toBe(bits);
  }
});

test('overflows to infinity from 65,520', () => {
  expect(float16Bits(65_519.996)).toBe(0x7bff);
  expect(float16Bits(65_520)).toBe(0x7c00);
  expect(float16Bits(Number.NaN)).toBe(0x7e00);
});

test('bfloat16 is the upper half of a float32', () => {
  const words = new Uint32Array(3);
  widenBfloat16(Uint16Array.of(0x3f80, 0xc040, 0x0001), words);
  expect([...new Float32Array(words.buffer)]).toEqual([1, -3, 2 ** -133]);
});
