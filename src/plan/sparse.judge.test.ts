/**
 * Weights whose zeros are left out of the file, for every operator and encoding, checked and run by
 * ONNX Runtime beside the weights that they stand for; its loader must fold the expansion away.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeMissing } from '../../e2e/support/judge.ts';
import { judgeEnv } from '../../scripts/judge-env.mjs';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { asFiles } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { encodingIds } from './describe-weight.ts';
import { planRecipe } from './plan.ts';
import { outputOf, referencePayloads } from './testing/reference-output.ts';
import { restoredModel } from './testing/restored-model.ts';
import { roundingOf } from './testing/rounding-of.ts';
import { SMALL_GRAPHS, smallModel } from './testing/small-graphs.ts';
import { SPARSE_ENCODINGS } from './testing/sparse-encodings.ts';

const where = { minElements: 100 };
const sparse: Step = { technique: 'magnitude', where, options: { sparsity: 0.9 } };
const rtn = (options: Step['options']): Step => ({ technique: 'rtn', where, options });
const RECIPES: readonly (readonly Step[])[] = [
  [sparse],
  [{ technique: 'magnitude', where, options: { pattern: '2:4' } }],
  [sparse, { technique: 'fp16', where, options: {} }],
  [sparse, rtn({ bits: 8, blockSize: 'channel' })],
  [sparse, rtn({ bits: 8, blockSize: 32 })],
  [sparse, rtn({ bits: 4, blockSize: 32 })],
];
/** What may be left of an expansion: nothing. */
const EXPANDS = ['CumSum', 'BitShift'];

interface Judged {
  readonly beside?: number | null;
  readonly error?: string;
  readonly operators: readonly string[];
}

const scratch = mkdtempSync(join(tmpdir(), 'whittle-sparse-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(judgeMissing)('weights without their zeros', () => {
  const roundings = new Map<string, number>();
  const seen = new Set<string>();
  const lookups = new Set<string>();
  let judged: Readonly<Record<string, Judged>> = {};

  beforeAll(async () => {
    const cases: Record<string, string>[] = [];
    for (const [name, graph] of Object.entries(SMALL_GRAPHS)) {
      const { bytes, x } = smallModel(graph);
      const model = await openOnnx(asFiles(bytes));
      const dtype = graph.rows ? 'int64' : 'float32';
      const input = { dtype, shape: graph.input, offset: 0, byteLength: x.byteLength };
      const golden = join(scratch, `inputs-${roundings.size}`);
      writeFileSync(`${golden}.json`, JSON.stringify({ arrays: { 'in:x': input } }));
      writeFileSync(`${golden}.bin`, new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
      for (const target of Object.keys(TARGETS) as TargetId[]) {
        for (const [at, steps] of RECIPES.entries()) {
          const plan = planRecipe(model, findWeights(model), {
            ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1, steps },
          });
          const ids = plan.planned.map(encodingIds);
          if (!ids.some((id) => id.startsWith('sparse-'))) continue;
          const key = `${name}, recipe ${at}, ${target}: ${ids}`;
          for (const id of ids) seen.add(id);
          // Tables are unpacked as they are looked up, at every run.
          if (ids.some((id) => /packed-rows|tied-blocks/.test(id))) lookups.add(key);
          const { payloads, restored } = await referencePayloads(model, plan);
          const output = await outputOf(model, plan, payloads);
          expect(output.length).toBe(plan.byteLength);
          const file = (kind: string) => join(scratch, `${roundings.size}.${kind}.onnx`);
          const entry = { name: key, model: file('model'), beside: file('beside'), golden };
          writeFileSync(entry.model, output);
          writeFileSync(entry.beside, await restoredModel(model, plan, restored));
          roundings.set(key, roundingOf(plan));
          cases.push({ ...entry, optimized: file('optimized') });
        }
      }
    }
    const list = join(scratch, 'cases.json');
    writeFileSync(list, JSON.stringify(cases));
    const env = judgeEnv();
    if ('missing' in env) throw new Error(env.missing);
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    judged = JSON.parse(execFileSync(env.python, ['judge/run_cases.py', list], options));
  }, 300_000);

  test('give the outputs of the weights that they stand for', () => {
    const far = Object.entries(judged).flatMap(([key, { beside, error }]) => {
      if (error !== undefined) return [`${key}: ${error}`];
      return (beside ?? 9) <= (roundings.get(key) ?? 0) ? [] : [`${key}: ${beside} away`];
    });
    expect(far).toEqual([]);
    expect(Object.keys(judged)).toHaveLength(roundings.size);
    expect(roundings.size).toBeGreaterThan(100);
  });

  test('leave nothing of their expansion to the runs', () => {
    const left = Object.entries(judged).flatMap(([key, { operators }]) =>
      operators
        .filter((op) => EXPANDS.includes(op) && !lookups.has(key))
        .map((op) => `${key}: ${op}`),
    );
    expect(left).toEqual([]);
    expect(Object.values(judged).some(({ operators }) => operators.includes('MatMulNBits'))).toBe(
      true,
    );
  });

  test('were in every encoding that can leave zeros out', () => {
    const ids = [...seen].filter((id) => id.startsWith('sparse-') && !id.includes(','));
    expect(ids.toSorted()).toEqual(SPARSE_ENCODINGS);
  });
});
