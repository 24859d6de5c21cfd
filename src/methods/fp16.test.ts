import { expect, test } from 'vitest';
import { float16Bits, float16Value } from '../core/float16.ts';
import { seededRandom } from '../core/random.ts';
import { storeFloats, widened } from './fp16.ts';
import { memorySource } from './read-values.ts';
import { never } from './testing/low-rank.ts';
import { awkward } from './testing/rtn-outcomes.ts';

test('float16 rounds each value half to even and counts what is lost', async () => {
  const length = 1003;
  const random = seededRandom(3);
  const values = awkward(length, random);
  values.set([65_504, -65_504, 2 ** -24, 2 ** -25, 1 + 2 ** -11, -0], length - 6);
  const stored = await storeFloats(memorySource('w', values, [length]), 'float16', never, 100);
  const bits = new Uint16Array(stored.values.buffer);
  expect(bits).toEqual(Uint16Array.from(values, float16Bits));
  const worst = values.reduce(
    (most, w) => Math.max(most, Math.abs(w - float16Value(float16Bits(w)))),
    0,
  );
  expect(stored.errors.maxAbsError).toBe(worst);
  expect(widened(stored.values)).toEqual(Float32Array.from(bits, float16Value));
});

test('values that float16 does not hold fail the weight by name', async () => {
  const over = memorySource('wide', Float32Array.of(1, 65_505, -7e4), [3]);
  await expect(storeFloats(over, 'float16', never)).rejects.toMatchObject({
    code: 'unsupported-model',
    message: expect.stringContaining('2 values of wide exceed 65,504'),
  });
  const broken = memorySource('w', Float32Array.of(1, Number.NaN), [2]);
  await expect(storeFloats(broken, 'float16', never)).rejects.toThrow('not finite');
});

test('float64 holds float32 exactly, and the own type stays as it is', async () => {
  const values = Float32Array.of(1.5, -3e38, 1e-40);
  const source = memorySource('w', values, [3]);
  const wide = await storeFloats(source, 'float64', never);
  expect([...new Float64Array(wide.values.buffer)]).toEqual([...values]);
  const same = await storeFloats(source, 'float32', never);
  expect(new Float32Array(same.values.buffer)).toEqual(values);
  expect(same.errors.sumSquaredError).toBe(0);
});
