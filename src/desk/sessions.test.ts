import { expect, test } from 'vitest';
import { matMulModel, tinyOnnx } from '../bench/testing/tiny-onnx.ts';
import { npy, npz } from '../dataset/testing/tiny-files.ts';
import { NO_MAPPING } from '../report/data-mapping.ts';
import { Sessions } from './sessions.ts';

test('a recipe of a gigabyte is refused before it is read', async () => {
  const blob = new Blob([]);
  Object.defineProperty(blob, 'size', { value: 2 ** 30 });
  blob.text = () => Promise.reject(new Error('it was read'));
  const opening = new Sessions().open(
    [{ path: 'big.recipe.json', blob }],
    new AbortController().signal,
  );
  await expect(opening).rejects.toMatchObject({
    code: 'bad-recipe',
    message: 'big.recipe.json has 1073741824 B; a recipe has at most 1048576.',
  });
});

test('rows are read again under a mapping, and as they are without one', async () => {
  const weights = Array.from({ length: 64 }, (_, index) => index % 5);
  const rows = npz({
    picture: npy('<f4', [3, 16], new Float32Array(48)),
    truth: npy('<i8', [3], BigInt64Array.of(0n, 3n, 1n)),
  });
  const files = [
    { path: 'model.onnx', blob: new Blob([tinyOnnx(matMulModel(weights, [16, 4]))]) },
    { path: 'test.npz', blob: new Blob([rows]) },
  ];
  const sessions = new Sessions();
  const { model, dataset } = await sessions.open(files, new AbortController().signal);
  expect(dataset).toMatchObject({ kind: 'synthetic', needsMapping: [{ kind: 'inputs' }] });
  const mapping = { ...NO_MAPPING, inputs: { x: 'picture' }, columns: { label: 'truth' } };
  expect(await sessions.remap(model.id, mapping)).toMatchObject({
    ...{ kind: 'labelled', metric: 'accuracy', evaluationRows: 3, needsMapping: [] },
  });
  expect(await sessions.remap(model.id, null)).toEqual(dataset);
  sessions.close(model.id);
  await expect(sessions.remap(model.id, null)).rejects.toMatchObject({ code: 'worker-failed' });
});
