import { expect, test, vi } from 'vitest';
import type { Compressed, CompressProgress } from '../bridge/compress-calls.ts';
import { StudioError } from '../core/studio-error.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { MemoryWeights } from '../storage/finished-weights.ts';
import { compress } from './compress.ts';
import type { Executors } from './computing.ts';
import { GpuOwner } from './gpu-owner.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 300_000 });

const digits = await openedModel(await sampleModel('digits'));
const rtn = { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } } as const;

/** Weights one behind the other; thresholds over all of them; ranks found before. */
const RECIPES: readonly (readonly [string, Recipe])[] = [
  ['streamed', recipeOf('wasm', rtn)],
  [
    'pruned over all weights',
    recipeOf('wasm', { technique: 'magnitude', options: { sparsity: 0.5, scope: 'global' } }, rtn),
  ],
  [
    'factorized by energy',
    recipeOf('wasm', { technique: 'svd', options: { by: 'energy', energy: 0.6 } }, rtn),
  ],
];

/** Runs until the page's messages say otherwise. */
async function attempt(
  recipe: Recipe,
  executors: Executors,
  finished: MemoryWeights | null,
  onMessage: (index: number, message: CompressProgress, abort: AbortController) => void = () => {},
): Promise<{ compressed: Compressed | null; error: unknown; messages: CompressProgress[] }> {
  const messages: CompressProgress[] = [];
  const abort = new AbortController();
  try {
    const compressed = await compress(digits, recipe, {
      ...{ executors, finished, signal: abort.signal },
      progress: (message) => {
        messages.push(message);
        onMessage(messages.length, message, abort);
      },
    });
    return { compressed, error: null, messages };
  } catch (error) {
    return { compressed: null, error, messages };
  }
}

const newOwner = () => new GpuOwner({ get: async () => 'register', set: async () => {} });
const bytesOf = async (compressed: Compressed | null) =>
  new Uint8Array((await compressed?.files[0]?.blob.arrayBuffer()) ?? []);

const namesIn = (messages: readonly CompressProgress[]) =>
  messages.flatMap(({ finished }) => finished.map(({ name }) => name));

test.each(RECIPES)(
  '%s: cancelled at any message, it ends at once and goes on to the same file',
  async (_, recipe) => {
    const owner = newOwner();
    const whole = await attempt(recipe, owner, null);
    const wanted = await bytesOf(whole.compressed);
    expect(wanted.length).toBeGreaterThan(0);
    expect(whole.messages.length).toBeGreaterThan(3);
    for (let at = 1; at <= whole.messages.length; at++) {
      const finished = new MemoryWeights();
      const cancelled = await attempt(recipe, owner, finished, (index, message, abort) => {
        if (index === at) abort.abort();
        expect(message.done).toBeLessThanOrEqual(message.total);
      });
      // Within a long stage the clock says how often it is told.
      if (cancelled.messages.length < at) continue;
      expect(cancelled.error).toMatchObject({ name: 'AbortError' });
      const resumed = await attempt(recipe, owner, finished);
      expect(namesIn(resumed.messages).sort()).toEqual(namesIn(whole.messages).sort());
      expect((await bytesOf(resumed.compressed)).findIndex((byte, i) => byte !== wanted[i])).toBe(
        -1,
      );
    }
  },
);

test.each(RECIPES)(
  '%s: a device lost once is replaced; lost twice, the job can go on',
  async (_, recipe) => {
    const owner = newOwner();
    const whole = await attempt(recipe, owner, null);
    const wanted = await bytesOf(whole.compressed);
    const count = whole.messages.length;
    const lose = async () => (await owner.acquire()).gpu.device.destroy();

    for (const at of [1, count - 2]) {
      const once = await attempt(recipe, owner, null, (index) => {
        if (index === at) void lose();
      });
      expect(once.error).toBeNull();
      expect(await bytesOf(once.compressed)).toEqual(wanted);
    }

    const finished = new MemoryWeights();
    let losses = 0;
    const twice = await attempt(recipe, owner, finished, (index, message) => {
      const isDue = index === 2 || message.notice !== undefined;
      if (isDue && losses < 2) {
        losses += 1;
        void lose();
      }
    });
    expect(twice.error).toBeInstanceOf(StudioError);
    expect(twice.error).toMatchObject({ code: 'device-lost' });
    expect(twice.messages.filter(({ notice }) => notice?.includes('lost')).length).toBe(1);

    const resumed = await attempt(recipe, owner, finished);
    expect(await bytesOf(resumed.compressed)).toEqual(wanted);
  },
);

test('on the CPU it goes on where the GPU stopped, and both are named', async () => {
  const owner = newOwner();
  const [, recipe] = RECIPES[0] as (typeof RECIPES)[number];
  const wanted = await bytesOf((await attempt(recipe, owner, null)).compressed);
  const finished = new MemoryWeights();
  await attempt(recipe, owner, finished, (_, { done }, abort) => {
    if (done === 2) abort.abort();
  });
  const cpu = new CpuExecutor();
  const { compressed } = await attempt(recipe, { acquire: async () => cpu }, finished);
  expect(await bytesOf(compressed)).toEqual(wanted);
  const name = (await owner.acquire()).name;
  expect(compressed?.device).toBe(`${name}, CPU (reference implementation)`);
});

test('without WebGPU it says so before anything is done', async () => {
  const refused = new StudioError('no-webgpu', 'This browser has no WebGPU.');
  const [, recipe] = RECIPES[0] as (typeof RECIPES)[number];
  const { error } = await attempt(recipe, { acquire: () => Promise.reject(refused) }, null);
  expect(error).toBe(refused);
});
