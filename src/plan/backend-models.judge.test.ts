/**
 * Every model with weights of the backend tests of Python's onnx, in 8 bits for every target, run on
 * the inputs that come with it, beside the outputs that come with it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBackendModels, withWeights } from '../../e2e/support/backend-data.ts';
import { judgeMissing } from '../../e2e/support/judge.ts';
import { judgeEnv } from '../../scripts/judge-env.mjs';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { asFiles } from '../formats/onnx/testing/build-model.ts';
import { sameBytes } from '../formats/onnx/testing/first-difference.ts';
import { findWeights } from '../model/find-weights.ts';
import { type Plan, planRecipe } from './plan.ts';
import { outputOf, referencePayloads } from './testing/reference-output.ts';
import { restoredModel } from './testing/restored-model.ts';
import { roundingOf } from './testing/rounding-of.ts';

/** How far from the expected outputs the weights alone may take them; sums of two terms cancel. */
const NOISE = 0.05;
const LEAST_MODELS = 450;
const LEAST_JUDGED = 80;
/** An old Gemm, and layers that have the batch first. */
const UNABLE = [
  'pytorch-converted/test_Linear/model.onnx',
  'test_gru_batchwise with weights',
  'test_lstm_batchwise with weights',
];
const LIMIT_MS = 300_000;

interface Judged {
  readonly beside?: number | null;
  readonly golden?: number | null;
  readonly error?: string;
  readonly unable?: string;
}

const TARGET_IDS = Object.keys(TARGETS) as TargetId[];
const scratch = mkdtempSync(join(tmpdir(), 'whittle-backend-models-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const planOf = (model: OnnxModel, target: TargetId): Plan =>
  planRecipe(model, findWeights(model), {
    ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1 },
    steps: [{ technique: 'rtn', where: { minElements: 1 }, options: { bits: 8 } }],
  });

describe.skipIf(judgeMissing)("models with weights of Python's onnx, in 8 bits", () => {
  const problems: string[] = [];
  const roundings = new Map<string, number>();
  let models = 0;
  let judged: Readonly<Record<string, Judged>> = {};

  beforeAll(async () => {
    const cases: Record<string, string>[] = [];
    const caseOf = async (model: OnnxModel, plan: Plan, bytes: Uint8Array) => {
      const { payloads, restored } = await referencePayloads(model, plan);
      const output = await outputOf(model, plan, payloads);
      if (output.length !== plan.byteLength) throw new Error(`planned ${plan.byteLength} bytes`);
      if (plan.planned.length === 0 && !sameBytes(output, bytes)) throw new Error('it changed');
      return { output, beside: await restoredModel(model, plan, restored) };
    };
    await withBackendModels(async (all) => {
      for (const { name, path, values } of withWeights(all)) {
        models++;
        const bytes = new Uint8Array(readFileSync(path));
        const model = await openOnnx(asFiles(bytes));
        for (const target of TARGET_IDS) {
          const key = `${name}, ${target}`;
          try {
            const plan = planOf(model, target);
            problems.push(
              ...silent(model, plan).map((weight) => `${key}: ${weight} has no reason`),
            );
            const { output, beside } = await caseOf(model, plan, bytes);
            if (plan.planned.length === 0) continue;
            const file = (kind: string) => join(scratch, `${cases.length}.${kind}.onnx`);
            writeFileSync(file('model'), output);
            writeFileSync(file('beside'), beside);
            roundings.set(key, roundingOf(plan));
            cases.push({
              ...{ name: key, model: file('model'), beside: file('beside') },
              ...{ golden: values ?? '', original: path },
            });
          } catch (error) {
            problems.push(`${key}: ${error}`);
          }
        }
      }
      judged = judge(cases);
    });
  }, LIMIT_MS);

  test('are planned to the byte, or say of each weight why it was left alone', () => {
    expect(problems).toEqual([]);
    expect(models).toBeGreaterThan(LEAST_MODELS);
  });

  test('give the outputs that they should', () => {
    const far = Object.entries(judged).flatMap(([key, { beside, golden, error, unable }]) => {
      if (unable !== undefined) return [];
      if (error !== undefined) return [`${key}: ${error}`];
      const wrong: string[] = [];
      const rounding = roundings.get(key) ?? 0;
      if (!((beside ?? 9) <= rounding)) wrong.push(`${key}: ${beside} from its weights`);
      if (!((golden ?? 9) <= NOISE)) wrong.push(`${key}: ${golden} from what is expected`);
      return wrong;
    });
    expect(far).toEqual([]);
  });

  test('are all run but those that the runtime itself cannot run', () => {
    const unable = Object.entries(judged).filter(([, result]) => result.unable !== undefined);
    const named = ([key]: readonly [string, unknown]) =>
      UNABLE.some((name) => key.startsWith(`${name}, `));
    expect(unable.filter((entry) => !named(entry))).toEqual([]);
    expect(unable).toHaveLength(UNABLE.length * TARGET_IDS.length);
    expect(Object.keys(judged).length).toBeGreaterThan(LEAST_JUDGED * TARGET_IDS.length);
  });
});

/** Weights that are neither taken nor left alone with a reason. */
function silent(model: OnnxModel, { planned, leftAlone }: Plan): string[] {
  const told = new Set([
    ...planned.map(({ weight }) => weight.name),
    ...leftAlone.filter(({ reason }) => reason !== '').map(({ weight }) => weight.name),
  ]);
  return findWeights(model)
    .map(({ name }) => name)
    .filter((name) => !told.has(name));
}

function judge(cases: readonly Record<string, string>[]): Record<string, Judged> {
  const env = judgeEnv();
  if ('missing' in env) throw new Error(env.missing);
  const list = join(scratch, 'cases.json');
  writeFileSync(list, JSON.stringify(cases));
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(execFileSync(env.python, ['judge/run_cases.py', list], options));
}
