/** Outputs of several files, loaded by ONNX Runtime. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { checkModel, judgeMissing, runModel } from '../../../e2e/support/judge.ts';
import { npy } from '../../dataset/testing/tiny-files.ts';
import { layoutOnnx } from './layout.ts';
import { openOnnx } from './open.ts';
import { editOf } from './testing/apply-edit.ts';
import { asFiles } from './testing/build-model.ts';
import { writeOnnx } from './write.ts';

describe.skipIf(judgeMissing)('a model of several files', () => {
  test('gives what it gave as one', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'whittle-external-'));
    const path = 'public/samples/digits/model.onnx';
    const model = await openOnnx(asFiles(new Uint8Array(readFileSync(path)), 'digits.onnx'));
    const edit = editOf({}, new Map([['com.microsoft', 1]]));
    const limits = { largestFile: 600_000, leastExternal: 512 };
    const files = writeOnnx(model, layoutOnnx(model, edit, limits), new Map());
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      await writeFile(join(scratch, file.path), new Uint8Array(await file.blob.arrayBuffer()));
    }
    const [input] = model.graph.inputs;
    const dims = input?.dims?.map((dim) => (typeof dim === 'number' ? dim : 2)) ?? [];
    const values = Float32Array.from(
      { length: dims.reduce((a, b) => a * b, 1) },
      (_, at) => (at % 17) / 17,
    );
    const feeds = join(scratch, 'feeds.npz');
    await writeFile(feeds, zipSync({ [`${input?.name}.npy`]: npy('<f4', dims, values) }));
    await checkModel(join(scratch, 'digits.onnx'));
    expect(await runModel(join(scratch, 'digits.onnx'), feeds)).toEqual(
      await runModel(path, feeds),
    );
  });
});
