/** The nets that tests compress beside each other are real: they run, and compute the same. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { checkModel, judgeMissing, runModel } from '../../../e2e/support/judge.ts';
import { readNpy } from '../../dataset/npy.ts';
import { npy } from '../../dataset/testing/tiny-files.ts';
import { findWeights } from '../../model/find-weights.ts';
import { openOnnx } from './open.ts';
import { asFiles } from './testing/build-model.ts';
import { SMALL_NET_WEIGHTS, smallNets } from './testing/small-nets.ts';

const SAMPLE = 'public/samples/digits';
const nets = smallNets(readFileSync(`${SAMPLE}/model.onnx`));
const scratch = mkdtempSync(join(tmpdir(), 'whittle-nets-'));
afterAll(() => rm(scratch, { recursive: true }));

describe('small nets', () => {
  test.each(['plain', 'constants', 'identities'] as const)('%s has the weights', async (name) => {
    const { graph, functions } = await openOnnx(asFiles(nets[name]));
    const found = findWeights({ graph, functions }).filter(({ tensor }) => tensor.dims.length > 1);
    expect(found.map(({ label }) => label.replace(/\/0$/, ''))).toEqual(SMALL_NET_WEIGHTS);
    const lengths = found.map(({ uses: [use] }) => use?.via.length);
    expect(Math.max(...lengths.map((length) => length ?? -1))).toBe(name === 'identities' ? 3 : 0);
  });

  test('branches has them twice', async () => {
    const { graph, functions } = await openOnnx(asFiles(nets.branches));
    const found = findWeights({ graph, functions }).filter(({ tensor }) => tensor.dims.length > 1);
    const names = found.map(({ tensor }) => tensor.name);
    expect(names).toEqual([...SMALL_NET_WEIGHTS, ...SMALL_NET_WEIGHTS]);
    expect(new Set(found.map(({ graph: id }) => id)).size).toBe(2);
  });
});

test.skipIf(judgeMissing)('all four run, and give the same where the image is bright', async () => {
  const images = readNpy(
    new Uint8Array(unzipSync(readFileSync(`${SAMPLE}/test.npz`))['image.npy'] ?? []),
    'image',
  );
  const pixels = images.data as Float32Array;
  const brightness = (row: number) =>
    pixels.subarray(784 * row, 784 * (row + 1)).reduce((sum, value) => sum + value, 0) / 784;
  const rows = [0, 1, 2, 3, 4, 5, 6, 7];
  const seen = new Set<boolean>();
  for (const row of rows) {
    const isBright = brightness(row) > 0.128;
    if (seen.has(isBright)) continue;
    seen.add(isBright);
    const image = npy('<f4', [1, 1, 28, 28], pixels.slice(784 * row, 784 * (row + 1)));
    const logits = new Map<string, Float32Array>();
    for (const [name, bytes] of Object.entries(nets)) {
      const path = join(scratch, `${name}.onnx`);
      const feeds = join(scratch, 'feeds.npz');
      await writeFile(path, bytes);
      await writeFile(feeds, zipSync({ 'image.npy': image }));
      await checkModel(path);
      const output = (await runModel(path, feeds))['logits'];
      logits.set(name, new Float32Array(output?.bytes.buffer ?? []));
    }
    const plain = logits.get('plain');
    expect(plain).toHaveLength(10);
    for (const name of ['constants', 'identities']) expect(logits.get(name)).toEqual(plain);
    const same = logits.get('branches')?.every((value, at) => value === plain?.[at]);
    expect(same).toBe(isBright);
  }
  expect(seen.size).toBe(2);
});
