import { expect, test } from 'vitest';
import { tuningKey } from '../gpu/autotune.ts';
import { openDevice } from '../gpu/open-device.ts';
import { chooseMatmul } from './choose-matmul.ts';
import { MATMUL_VARIANTS, MATMUL_VERSION } from './matmul.ts';

test('measures once an adapter, remembers, and measures again what it does not know', async () => {
  using gpu = await openDevice();
  const kept = new Map<string, string>();
  const memory = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: string) => {
      kept.set(key, value);
    },
  };
  expect(await chooseMatmul(gpu, memory, true)).toEqual({ name: 'register', durationsMs: null });
  expect(kept.size).toBe(0);
  const measured = await chooseMatmul(gpu, memory, false);
  const durations = MATMUL_VARIANTS.map((variant) => measured.durationsMs?.[variant] ?? 0);
  expect(durations.every((ms) => ms > 0)).toBe(true);
  expect(measured.durationsMs?.[measured.name]).toBe(Math.min(...durations));
  const key = tuningKey('matmul', MATMUL_VERSION, gpu.adapter.name);
  expect([...kept]).toEqual([[key, measured.name]]);

  for (const variant of MATMUL_VARIANTS) {
    kept.set(key, variant);
    expect(await chooseMatmul(gpu, memory, false)).toEqual({ name: variant, durationsMs: null });
  }
  kept.set(key, 'a variant of another version');
  expect((await chooseMatmul(gpu, memory, false)).durationsMs).not.toBeNull();
}, 60_000); // a software adapter compiles the large tiles for seconds
