/** The models of onnx's own backend tests, raised, on the inputs and outputs that come with them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askToCompare } from '../../../../e2e/support/compare-models.ts';
import { judgeMissing } from '../../../../e2e/support/judge.ts';
import { openOnnx } from '../open.ts';
import { asFiles } from '../testing/build-model.ts';
import { raiseOpset } from './testing/raise-opset.ts';

const LEAST_MODELS = 100;
/** Gradients no runtime computes; strings are normalized by a locale that machines may lack. */
const NOT_RUN = /^test_(gradient_of|strnorm)_/;

test.skipIf(judgeMissing)(
  'every model that has data keeps its outputs at opset 21',
  { timeout: 300_000 },
  async () => {
    const data = askToCompare('--package').trim();
    const scratch = mkdtempSync(join(tmpdir(), 'whittle-package-'));
    const refused: string[] = [];
    for (const group of readdirSync(data)) {
      for (const name of readdirSync(join(data, group))) {
        const path = join(data, group, name, 'model.onnx');
        const values = join(data, group, name, 'test_data_set_0');
        if (!existsSync(path) || !existsSync(join(values, 'output_0.pb'))) continue;
        const model = await openOnnx(asFiles(new Uint8Array(readFileSync(path))));
        const raised = await raiseOpset(model, 21);
        if (typeof raised === 'string') {
          refused.push(`${name}: ${raised}`);
          continue;
        }
        if (NOT_RUN.test(name)) continue;
        writeFileSync(join(scratch, `${name}.before.onnx`), '');
        writeFileSync(join(scratch, `${name}.after.onnx`), raised);
        writeFileSync(join(scratch, `${name}.case`), values);
      }
    }
    expect(refused).toEqual([]);
    const results: Record<string, { difference?: number | null; error?: string }> = JSON.parse(
      askToCompare(scratch),
    );
    const failed = Object.entries(results).filter(
      ([, { difference }]) => typeof difference !== 'number' || difference > 1e-5,
    );
    expect(failed).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThan(LEAST_MODELS);
  },
);
