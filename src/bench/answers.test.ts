import { describe, expect, test } from 'vitest';
import { answersOf } from './answers.ts';

describe('answers', () => {
  test('are the first largest value along the last axis, as numpy.argmax gives', () => {
    const data = Float32Array.of(1, 3, 3, 9, 2, 9);
    expect(answersOf({ dtype: 'float32', dims: [1, 2, 3], data })).toEqual(Int32Array.of(1, 0));
    expect(answersOf({ dtype: 'float32', dims: [1, 2], data: Float32Array.of(NaN, 1) })).toEqual(
      Int32Array.of(-1),
    );
    const low = Float32Array.of(-Infinity, -Infinity, -5);
    expect(answersOf({ dtype: 'float32', dims: [1, 3], data: low })).toEqual(Int32Array.of(2));
  });

  test('come from float16 bits too', () => {
    const data = Uint16Array.of(0x3c00, 0xc000, 0x4000); // 1, −2, 2
    expect(answersOf({ dtype: 'float16', dims: [1, 3], data })).toEqual(Int32Array.of(2));
  });
});
