import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { withBackendModels, withWeights } from '../../../e2e/support/backend-data.ts';
import { judgeMissing } from '../../../e2e/support/judge.ts';
import { EMPTY_EDIT } from '../../model/edit.ts';
import { findWeights } from '../../model/find-weights.ts';
import { layoutByteLength, layoutOnnx } from './layout.ts';
import { openOnnx } from './open.ts';
import { asFiles } from './testing/build-model.ts';
import { sameBytes } from './testing/first-difference.ts';
import { writeOnnx } from './write.ts';

describe.skipIf(judgeMissing)("the backend test data of Python's onnx", () => {
  test('opens, lists its weights and is written back byte for byte', {
    timeout: 600_000,
  }, async () => {
    await withBackendModels(async (models) => {
      expect(models.length).toBeGreaterThan(2000);
      expect(withWeights(models).length).toBeGreaterThan(450);
      const problems: string[] = [];
      for (const { name, path, initializers } of models) {
        try {
          const bytes = new Uint8Array(await readFile(path));
          const model = await openOnnx(asFiles(bytes));
          const found = findWeights(model).filter(
            ({ tensor: { dtype, dims }, graph }) =>
              graph === '' && /^b?float(16|32)$/.test(dtype) && dims.length >= 2,
          );
          if (found.length < initializers) problems.push(`${name}: lists ${found.length} weights`);
          const layout = layoutOnnx(model, EMPTY_EDIT);
          const [written] = writeOnnx(model, layout, new Map());
          const again = new Uint8Array((await written?.blob.arrayBuffer()) ?? []);
          if (!sameBytes(again, bytes)) problems.push(`${name}: is not written back as it was`);
          if (layoutByteLength(model, EMPTY_EDIT) !== bytes.length)
            problems.push(`${name}: length`);
        } catch (error) {
          problems.push(`${name}: ${error}`);
        }
      }
      expect(problems).toEqual([]);
    });
  });
});
