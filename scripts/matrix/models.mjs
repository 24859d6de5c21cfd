/** The models of the matrix, each with the files to open. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchSamples } from '../bench-samples.mjs';

const SLICE = fileURLToPath(new URL('../../judge/slice.py', import.meta.url));
const LABELLED = ['digits', 'sentiment'];
/** @type {Readonly<Record<string, number>>} */
const SECONDS = { digits: 3, sentiment: 3, 'tiny-llama': 15 };

/**
 * @typedef {{ id: string, files: string[], model: string, labelled: boolean, seconds: number }} MatrixModel
 *   `seconds`: about how long a cell takes on two cores
 */

/**
 * digits, sentiment (tiny), tiny-llama, and one encoder layer of sentiment-minilm; those that need
 * `WHITTLE_SAMPLES` are missing without it.
 * @param {string} python the judge's interpreter
 * @param {string} scratch where the cut layer goes
 * @returns {{ models: MatrixModel[], missing: string[] }}
 */
export function matrixModels(python, scratch) {
  /** @type {MatrixModel[]} */
  const models = [];
  const missing = [];
  const samples = new Map(benchSamples().map(({ id, files }) => [id, files]));
  for (const id of [...LABELLED, 'tiny-llama']) {
    const files = samples.get(id);
    const model = files?.find((path) => path.endsWith('.onnx'));
    if (files && model)
      models.push({ id, files, model, labelled: LABELLED.includes(id), seconds: SECONDS[id] ?? 3 });
    else missing.push(id);
  }
  const whole = samples.get('sentiment-minilm')?.find((path) => path.endsWith('.onnx'));
  const slice = join(scratch, 'minilm-layer.onnx');
  if (whole && existsSync(whole)) {
    execFileSync(python, [SLICE, whole, slice]);
    models.push({ id: 'minilm-layer', files: [slice], model: slice, labelled: false, seconds: 6 });
  } else {
    missing.push('minilm-layer');
  }
  return { models, missing };
}
