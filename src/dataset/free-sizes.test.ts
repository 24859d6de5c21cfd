import { expect, test } from 'vitest';
import type { ValueInfo } from '../model/model.ts';
import { openDataset } from './dataset.ts';
import { FREE_SIZES } from './free-sizes.ts';
import type { Dataset } from './opening.ts';
import { graphOf, modelOf } from './testing/tiny-files.ts';

const input = (name: string, dims: ValueInfo['dims'], dtype: ValueInfo['dtype'] = 'float32') => ({
  name,
  dtype,
  dims,
});
const open = (...inputs: readonly ValueInfo[]): Promise<Dataset> =>
  openDataset([], modelOf(graphOf(inputs)), { seed: 1 });

async function dimsOf(dataset: Dataset): Promise<Record<string, readonly number[]>> {
  const feeds = await dataset.evaluation.feeds(0);
  return Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
}

test('free dimensions get sizes by what they are', async () => {
  const dataset = await open(
    input('image', ['N', 3, null, null]),
    input('photo', [null, null, null, 3]),
    input('input', [null, null]),
    input('state', [2, null, 128]),
    input('past_keys', ['batch', 4, 'past', 16]),
  );
  expect(await dimsOf(dataset)).toEqual({
    image: [1, 3, 224, 224],
    photo: [1, 224, 224, 3],
    input: [1, 32],
    state: [2, 1, 128],
    past_keys: [1, 4, 0, 16],
  });
});

test('other sizes come one after the other, each shape once, and end', async () => {
  const shapes: string[] = [];
  const first = await open(input('x', ['N', 3, '?', 'W']));
  for (let it: Dataset | null = first; it; it = it.otherSizes?.() ?? null) {
    shapes.push((await dimsOf(it))['x']?.join('x') ?? '');
    expect(it.preprocessing).toBe(
      `generated with seed 1, ${shapes.at(-1)?.replaceAll('x', ' × ')}`,
    );
    expect((await it.latencyInput())?.feeds['x']?.dims).toEqual((await dimsOf(it))['x']);
  }
  expect(shapes.slice(0, 2)).toEqual(['1x3x224x224', '1x3x48x320']);
  expect(shapes).toHaveLength(FREE_SIZES.length);
  expect(new Set(shapes).size).toBe(FREE_SIZES.length);
});

test('a graph that states its sizes has no others', async () => {
  expect((await open(input('x', ['N', 3, 28, 28]))).otherSizes?.()).toBeNull();
});

test('a sample rate is one that speech is made at', async () => {
  const { sr } = await (await open(input('sr', [], 'int64'))).evaluation.feeds(0);
  expect(sr?.data).toEqual(BigInt64Array.of(16_000n));
});
