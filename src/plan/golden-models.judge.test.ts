/**
 * Every golden model under every technique and target, run by ONNX Runtime beside the same model
 * with the weights that the encodings stand for, and beside the outputs that it should give.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeMissing } from '../../e2e/support/judge.ts';
import { judgeEnv } from '../../scripts/judge-env.mjs';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { GOLDEN_FOLDER, openGolden } from '../formats/onnx/testing/golden.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { type Plan, planRecipe } from './plan.ts';
import { outputOf, referencePayloads } from './testing/reference-output.ts';
import { restoredModel } from './testing/restored-model.ts';
import { roundingOf } from './testing/rounding-of.ts';

const scratch = mkdtempSync(join(tmpdir(), 'whittle-golden-'));
const NAMES = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length));

/** No runtime runs these: what is planned on them is only opened again. */
const NOT_RUN = ['dtypes_typed_new', 'dtypes_raw_new', 'custom_domain'];
const where = { minElements: 1 };
const rtn = (options: Step['options']): Step => ({ technique: 'rtn', where, options });
const palettes = (options: Step['options']): Step => ({ technique: 'palettize', where, options });
const svd: Step = { technique: 'svd', where, options: { by: 'budget', budget: 0.9 } };
const residual: Step = { technique: 'residual', where, options: { rank: 2, factors: 'int8' } };
const nOfM: Step = { technique: 'magnitude', where, options: { pattern: '2:4' } };

/** `noise`: how far from the original's outputs the weights alone may take them. */
const RECIPES: Readonly<
  Record<string, { readonly steps: readonly Step[]; readonly noise: number }>
> = {
  'int8 by channel': { steps: [rtn({ bits: 8, blockSize: 'channel' })], noise: 0.03 },
  'int8 in blocks': { steps: [rtn({ bits: 8, blockSize: 16 })], noise: 0.03 },
  'int8 exact, asymmetric': {
    steps: [rtn({ bits: 8, blockSize: 'channel', compute: 'exact', symmetric: false })],
    noise: 0.03,
  },
  'int4 in blocks': { steps: [rtn({ bits: 4, blockSize: 16 })], noise: 0.4 },
  'int4 by channel, asymmetric': {
    steps: [rtn({ bits: 4, blockSize: 'channel', compute: 'exact', symmetric: false })],
    noise: 0.4,
  },
  fp16: { steps: [{ technique: 'fp16', where, options: {} }], noise: 0.002 },
  'hqq in blocks': {
    steps: [{ technique: 'hqq', where, options: { blockSize: 16 } }],
    noise: 0.4,
  },
  nf4: { steps: [{ technique: 'nf4', where, options: { blockSize: 16 } }], noise: 0.4 },
  'nf4, exact': {
    steps: [{ technique: 'nf4', where, options: { blockSize: 32, compute: 'exact' } }],
    noise: 0.4,
  },
  '3-bit palettes': {
    steps: [palettes({ bits: 3, channels: 1 })],
    noise: 1,
  },
  '5-bit palette': {
    steps: [palettes({ bits: 5, channels: 'all' })],
    noise: 0.4,
  },
  '6-bit palettes, exact': {
    steps: [palettes({ bits: 6, channels: 4, scaleType: 'float32', compute: 'exact' })],
    noise: 0.1,
  },
  'low rank': { steps: [svd], noise: 1 },
  'int4 in blocks, residual': {
    steps: [rtn({ bits: 4, blockSize: 16 }), residual],
    noise: 0.4,
  },
  '2:4, low rank, int8': { steps: [nOfM, svd, rtn({ bits: 8, blockSize: 'channel' })], noise: 1 },
};

interface Judged {
  readonly beside?: number | null;
  readonly golden?: number | null;
  readonly error?: string;
}

const plans = new Map<string, Plan>();
let judged: Readonly<Record<string, Judged>> = {};

const keyOf = (name: string, target: string, recipe: string) => `${name}, ${recipe}, ${target}`;

const planOf = (model: OnnxModel, target: TargetId, steps: readonly Step[]): Plan =>
  planRecipe(model, findWeights(model), {
    ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1, steps },
  });

describe.skipIf(judgeMissing)('golden models', () => {
  beforeAll(async () => {
    const cases = [];
    for (const name of NAMES) {
      const model = await openGolden(name, readFileSync);
      for (const target of Object.keys(TARGETS) as TargetId[]) {
        for (const [recipe, { steps }] of Object.entries(RECIPES)) {
          const key = keyOf(name, target, recipe);
          const plan = planOf(model, target, steps);
          plans.set(key, plan);
          if (plan.planned.length === 0) continue;
          const { payloads, restored } = await referencePayloads(model, plan);
          const output = await outputOf(model, plan, payloads);
          expect(output.length).toBe(plan.byteLength);
          if (NOT_RUN.includes(name)) continue;
          const file = (kind: string) => join(scratch, `${cases.length}.${kind}.onnx`);
          const golden = resolve(GOLDEN_FOLDER, name);
          const entry = { name: key, model: file('model'), beside: file('beside'), golden };
          writeFileSync(entry.model, output);
          writeFileSync(entry.beside, await restoredModel(model, plan, restored));
          cases.push(entry);
        }
      }
    }
    writeFileSync(join(scratch, 'cases.json'), JSON.stringify(cases));
    const env = judgeEnv();
    if ('missing' in env) throw new Error(env.missing);
    const printed = execFileSync(env.python, ['judge/run_cases.py', join(scratch, 'cases.json')], {
      ...{ encoding: 'utf8', maxBuffer: 2 ** 28 },
    });
    judged = JSON.parse(printed);
  }, 600_000);

  describe.each(Object.keys(TARGETS))('for %s', (target) => {
    test.each(Object.keys(RECIPES))('%s', (recipe) => {
      const problems = NAMES.flatMap((name) => {
        const key = keyOf(name, target, recipe);
        const result = judged[key];
        const plan = plans.get(key);
        if (!result || !plan) return [];
        if (result.error !== undefined) return [`${key}: ${result.error}`];
        const noise = RECIPES[recipe]?.noise ?? 0;
        const far: string[] = [];
        if (!((result.beside ?? 9) <= roundingOf(plan)))
          far.push(`${result.beside} from the weights`);
        if (!((result.golden ?? 9) <= noise)) far.push(`${result.golden} from the original`);
        return far.map((problem) => `${key}: ${problem}`);
      });
      expect(problems).toEqual([]);
    });
  });
});
