/** Raised models run by ONNX Runtime beside their originals, and beside onnx's own converter. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { askToCompare } from '../../../../e2e/support/compare-models.ts';
import { judgeMissing } from '../../../../e2e/support/judge.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { openOnnx } from '../open.ts';
import { asFiles } from '../testing/build-model.ts';
import { openGolden } from '../testing/golden.ts';
import { NEWEST_OPSET, OLDEST_OPSET, OPERATOR_HISTORY } from './operator-history.ts';
import { OLD_OPERATORS } from './testing/old-operators.ts';
import { raiseOpset } from './testing/raise-opset.ts';

type Compared =
  | { error: string }
  | {
      difference: number | null;
      operators: string[];
      converter: { error: string } | { difference: number | null; operators: string[] };
    };

const { WHITTLE_SAMPLES = '' } = process.env;
const scratch = mkdtempSync(join(tmpdir(), 'whittle-upgrade-'));
const TARGETS = [21, 25];
/** That run in ONNX Runtime and are below 21. */
const GOLDENS = [
  ...[
    'batched_matmul',
    'constant_nodes',
    'conv1d',
    'conv_grouped',
    'conv_transpose',
    'fp16_weights',
  ],
  ...['gemm_transA_transB', 'gru', 'if_subgraphs', 'local_function', 'loop_subgraph', 'lstm'],
  ...[
    'matmulnbits',
    'opset9_ir3',
    'optional_input',
    'qdq_int8',
    'tied_embedding',
    'unknown_fields',
  ],
];
/** ONNX Runtime has no kernel for these. */
const REFUSED = ['RoiAlign 10 to 25'];
const SAMPLES = [
  'public/samples/digits/model.onnx',
  'public/samples/sentiment-tiny/model.onnx',
  ...['tiny-llama', 'sentiment-minilm']
    .map((name) => `${WHITTLE_SAMPLES}/${name}/model.onnx`)
    .filter((path) => existsSync(path)),
];

describe.skipIf(judgeMissing)('raised opsets', () => {
  const compared = new Map<string, Compared>();
  const refused = new Map<string, string>();
  const cases = [
    ...OLD_OPERATORS.map(({ name }) => name),
    ...GOLDENS,
    ...SAMPLES.map((path) => path.replaceAll('/', '_')),
  ]
    .flatMap((name) => TARGETS.map((to) => `${name} to ${to}`))
    .filter((name) => !REFUSED.includes(name));

  beforeAll(async () => {
    const keep = async (name: string, model: OnnxModel) => {
      const before = new Uint8Array((await model.files[0]?.blob.arrayBuffer()) ?? []);
      for (const to of TARGETS) {
        const after = await raiseOpset(model, to);
        if (typeof after === 'string') {
          refused.set(`${name} to ${to}`, after);
          continue;
        }
        writeFileSync(join(scratch, `${name} to ${to}.before.onnx`), before);
        writeFileSync(join(scratch, `${name} to ${to}.after.onnx`), after);
      }
    };
    for (const { name, bytes } of OLD_OPERATORS) await keep(name, await openOnnx(asFiles(bytes)));
    for (const name of GOLDENS) await keep(name, await openGolden(name, readFileSync));
    for (const path of SAMPLES) {
      const bytes = new Uint8Array(readFileSync(path));
      await keep(path.replaceAll('/', '_'), await openOnnx(asFiles(bytes)));
    }
    const results: Record<string, Compared> = JSON.parse(askToCompare(scratch));
    for (const [name, result] of Object.entries(results)) compared.set(name, result);
  }, 300_000);

  test.each(cases)('%s gives the same outputs', (name) => {
    const result = compared.get(name);
    if (!result || 'error' in result) throw new Error(result?.error ?? 'it was not compared');
    expect(result.difference).not.toBeNull();
    expect(result.difference).toBeLessThanOrEqual(1e-6);
  });

  test('only what ONNX Runtime could not run is refused', () => {
    expect([...refused.keys()]).toEqual(REFUSED);
  });

  test('onnx agrees wherever it converts without changing the outputs', () => {
    const pairs = [...compared.values()].flatMap((result) =>
      'error' in result || 'error' in result.converter || result.converter.difference !== 0
        ? []
        : [[result.operators, result.converter.operators]],
    );
    expect(pairs.length).toBeGreaterThan(100);
    for (const [ours = [], theirs = []] of pairs) {
      const essential = ours.filter((op) => op !== 'Constant');
      expect(essential.toSorted()).toEqual(theirs.toSorted());
    }
  });

  test('the history of operators is that of onnx', () => {
    const history: Record<string, number[]> = JSON.parse(askToCompare('--history'));
    const expected = Object.entries(history)
      .map(([name, versions]) => [name, versions.toSorted((a, b) => a - b)] as const)
      .filter(([, [first = 0]]) => first <= NEWEST_OPSET)
      .map(([name, [, ...changes]]) => {
        const within = changes.filter((at) => at > OLDEST_OPSET && at <= NEWEST_OPSET);
        return [name, within] as const;
      });
    expect(Object.fromEntries(OPERATOR_HISTORY)).toEqual(Object.fromEntries(expected));
  });
});
