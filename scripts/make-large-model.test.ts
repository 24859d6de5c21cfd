import { mkdtempSync, openAsBlob, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openOnnx } from '../src/formats/onnx/open.ts';
import { findWeights } from '../src/model/find-weights.ts';
import { makeLargeModel } from './make-large-model.mjs';

const folder = mkdtempSync(join(tmpdir(), 'whittle-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { bytes: 10_000_000, tensors: 20, files: 1 },
  { bytes: 50_000_000, tensors: 7, files: 3 },
  { bytes: 1_000_000_000, tensors: 2000, files: 2 },
])('$bytes bytes in $tensors weights and $files files', async (size) => {
  const { paths, side, byteLength } = makeLargeModel(join(folder, `${size.bytes}`), size);
  expect(paths).toHaveLength(1 + size.files);
  expect(Math.abs(byteLength / size.bytes - 1)).toBeLessThan(0.05);
  const sources = paths.map(async (path) => ({
    path: basename(path),
    blob: await openAsBlob(path),
  }));
  const model = await openOnnx(await Promise.all(sources));
  expect(model.byteLength).toBe(byteLength);
  const weights = findWeights(model);
  expect(weights).toHaveLength(size.tensors);
  for (const { tensor, uses } of weights) {
    expect(tensor.dims).toEqual([side, side]);
    expect(uses.map(({ op }) => op)).toEqual(['MatMul']);
  }
  const onDisk = paths.reduce((sum, path) => sum + 512 * statSync(path).blocks, 0);
  expect(onDisk).toBeLessThan(2_000_000);
});
