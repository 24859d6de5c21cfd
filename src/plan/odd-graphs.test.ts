/** Graphs that no exporter is proud of: what is planned on them re-opens, the rest says why not. */
import { expect, test } from 'vitest';
import { layoutBytes } from '../catalog/encoding-layout.ts';
import type { TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildValueInfo,
  floatTensor,
  type ModelSpec,
} from '../formats/onnx/testing/build-model.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { payloadKey } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { planRecipe } from './plan.ts';
import type { PlannedWeight } from './planned-weight.ts';

const TARGETS: TargetId[] = ['webgpu', 'wasm'];
const RECIPE: Recipe = {
  format: 'whittle-recipe',
  version: 1,
  name: 'case',
  target: 'wasm',
  seed: 1,
  steps: [{ technique: 'rtn', where: { minElements: 0 }, options: { bits: 4 } }],
};
const zeros = (name: string, ...dims: number[]) =>
  floatTensor(name, dims, Array(dims.reduce((a, b) => a * b, 1)).fill(0));

const tensorsOf = (planned: readonly PlannedWeight[]) =>
  planned.flatMap(({ parts }) => parts.flatMap(({ tensors }) => Object.values(tensors)));

/** Plans int4 on every weight, writes zeros and opens the result. */
async function compress(target: TargetId, spec: Partial<ModelSpec>) {
  const initializers = [zeros('W', 64, 32)];
  const bytes = buildModel({ nodes: [], initializers, inputs: ['x'], outputs: ['y'], ...spec });
  const model = await openOnnx(asFiles(bytes));
  const plan = planRecipe(model, findWeights(model), { ...RECIPE, target });
  const tensors = tensorsOf(plan.planned);
  const payloads = tensors.map(
    (spec) => [payloadKey(spec), new Uint8Array(layoutBytes(spec))] as const,
  );
  const output = await openOnnx(writeOnnx(model, plan.layout, new Map(payloads)));
  return {
    names: plan.planned.map(({ weight }) => weight.name),
    reasons: plan.leftAlone.map(({ reason }) => reason),
    stored: tensors.map(({ name }) => name),
    output,
  };
}

const body = (result: string, ...nodes: (readonly [string, string, string])[]) =>
  buildMessage(
    ...nodes.map(
      ([op, input, output]) => [1, buildMessage([1, input], [2, output], [4, op])] as const,
    ),
    [2, 'body'],
    [12, buildValueInfo(result, [64, 32])],
  );
const branch = (name: string, graph: Uint8Array<ArrayBuffer>) =>
  [5, buildMessage([1, name], [6, graph], [20, 5])] as const;
/** An If on `x` with two branches, from `x` to `y`, as a field of the graph. */
const choice = (then: Uint8Array<ArrayBuffer>, otherwise: Uint8Array<ArrayBuffer>) =>
  buildMessage([
    1,
    buildMessage(
      [1, 'x'],
      [2, 'y'],
      [4, 'If'],
      branch('then_branch', then),
      branch('else_branch', otherwise),
    ),
  ]);

test.each(TARGETS)('%s: views of a weight that lead nowhere go with it', async (target) => {
  const { names, output } = await compress(target, {
    nodes: [
      buildNode('Identity', ['W'], ['same']),
      buildNode('Transpose', ['same'], ['flipped']),
      buildNode('Cast', ['W'], [''], { attributes: { to: { int: 1 } } }),
      buildNode('MatMul', ['x', 'same'], ['z']),
      buildNode('Clip', ['z', '', ''], ['y']),
    ],
  });
  expect(names).toEqual(['W']);
  const ops = output.graph.nodes.map(({ op }) => op);
  expect(ops).not.toContain('Identity');
  expect(ops).not.toContain('Transpose');
  expect(ops.at(-1)).toBe('Clip');
});

test.each(TARGETS)('%s: a weight that a body uses in another way stays', async (target) => {
  const { names, reasons } = await compress(target, {
    nodes: [
      buildNode('Transpose', ['W'], ['flipped']),
      buildNode('MatMul', ['x', 'flipped'], ['a']),
    ],
    extra: [choice(body('p', ['Relu', 'flipped', 'p']), body('q', ['Relu', 'a', 'q']))],
  });
  expect(names).toEqual([]);
  expect(reasons).toEqual(['Relu: no technique acts on it yet']);
});

test.each(TARGETS)('%s: new names differ from those in bodies', async (target) => {
  const { names, stored } = await compress(target, {
    nodes: [buildNode('MatMul', ['x', 'W'], ['a'])],
    extra: [
      choice(
        body('p', ['Relu', 'a', 'W_Q4'], ['Relu', 'W_Q4', 'p']),
        body('q', ['Relu', 'a', 'q']),
      ),
    ],
  });
  expect(names).toEqual(['W']);
  expect(stored).toContain('W_Q4_2');
});

test.each(TARGETS)('%s: new names of the longest names can be read again', async (target) => {
  const long = 'W'.repeat(65_500);
  const { names, stored, output } = await compress(target, {
    nodes: [buildNode('MatMul', ['x', long], ['y'])],
    initializers: [zeros(long, 64, 32)],
  });
  expect(names).toEqual([long]);
  expect(stored.filter((name) => !output.graph.tensors.has(name))).toEqual([]);
});

test.each(TARGETS)('%s: names that every object has are names like others', async (target) => {
  const { names, stored, output } = await compress(target, {
    nodes: [
      buildNode('MatMul', ['x', '__proto__'], ['constructor']),
      buildNode('MatMul', ['constructor', 'toString'], ['y']),
    ],
    initializers: [zeros('__proto__', 64, 32), zeros('toString', 32, 64)],
  });
  expect(names).toEqual(['__proto__', 'toString']);
  expect(stored.filter((name) => !output.graph.tensors.has(name))).toEqual([]);
});

test.each<[string, Partial<ModelSpec>]>([
  ['Holds no values', { initializers: [zeros('W', 0, 32)] }],
  [
    'Stored sparse: kept as it is',
    {
      initializers: [],
      extra: [
        buildMessage([
          15,
          buildMessage(
            [1, buildMessage([1, 1], [2, 1], [8, 'W'], [9, new Uint8Array(4)])],
            [2, buildMessage([1, 1], [2, 7], [9, new Uint8Array(8)])],
            [3, 2 ** 20],
            [3, 2 ** 20],
          ),
        ]),
      ],
    },
  ],
])('%s', async (reason, spec) => {
  const nodes = [buildNode('MatMul', ['x', 'W'], ['y'])];
  const { names, reasons } = await compress('wasm', { nodes, ...spec });
  expect(names).toEqual([]);
  expect(reasons).toEqual([reason]);
});

test('a product that has a body, which no product has, is kept as it is', async () => {
  const branch = buildMessage([1, 'body'], [6, body('z', ['Relu', 'x', 'z'])], [20, 5]);
  const product = buildMessage([1, 'x'], [1, 'W'], [2, 'y'], [4, 'MatMul'], [5, branch]);
  const { names, reasons } = await compress('wasm', { extra: [buildMessage([1, product])] });
  expect(names).toEqual([]);
  expect(reasons).toEqual(['MatMul with a body: kept as it is']);
});

test('a product whose result has no name is kept as it is', async () => {
  const nodes = [buildNode('MatMul', ['x', 'W'], []), buildNode('Relu', ['x'], ['y'])];
  const { names, reasons } = await compress('wasm', { nodes });
  expect(names).toEqual([]);
  expect(reasons).toEqual(['MatMul whose result has no name: kept as it is']);
});

test.each(['LSTM', 'GRU'])(
  'an %s of which only the last state is read is compressed',
  async (op) => {
    const gates = op === 'LSTM' ? 64 : 48;
    const initializers = [zeros('W', 1, gates, 32), zeros('R', 1, gates, 16)];
    const attributes = { hidden_size: { int: 16 } };
    const nodes = [buildNode(op, ['x', 'W', 'R'], ['', 'y'], { attributes })];
    const { names } = await compress('wasm', { nodes, initializers });
    expect(names).toEqual(['W', 'R']);
  },
);

test('a long chain of views is no use of memory: 30,000, each of them used', async () => {
  const nodes = Array.from({ length: 30_000 }, (_, i) => [
    buildNode('Identity', [i === 0 ? 'W' : `v${i - 1}`], [`v${i}`]),
    buildNode('Relu', [`v${i}`], [i === 0 ? 'y' : `u${i}`]),
  ]).flat();
  const bytes = buildModel({
    nodes,
    initializers: [zeros('W', 4, 4)],
    inputs: [],
    outputs: ['y'],
  });
  const [weight] = findWeights(await openOnnx(asFiles(bytes)));
  expect(Math.max(...(weight?.uses ?? []).map(({ via }) => via.length))).toBe(64);
});

test('what is stored keeps its names when another weight fails', async () => {
  const names = ['x', 'x_column', `${'W'.repeat(2000)}1`, `${'W'.repeat(2000)}2`];
  const bytes = buildModel({
    nodes: names.map((name, i) =>
      buildNode('MatMul', [i === 0 ? 'in' : `v${i - 1}`, name], [`v${i}`]),
    ),
    initializers: names.map((name) => zeros(name, 64, 64)),
    inputs: ['in'],
    outputs: ['v3'],
  });
  const model = await openOnnx(asFiles(bytes));
  const where = { name: 'x_column' };
  const recipe: Recipe = {
    ...RECIPE,
    steps: [
      { technique: 'rtn', where, options: { bits: 8 } },
      { technique: 'rtn', options: { bits: 4 } },
    ],
  };
  const stored = (failed: ReadonlyMap<string, string>) => {
    const { planned, layout } = planRecipe(model, findWeights(model), recipe, { failed });
    expect(layout.files).toHaveLength(1);
    return planned.map((item) => [item.weight.name, tensorsOf([item])] as const);
  };
  const whole = new Map(stored(new Map()));
  expect(whole.get('x_column')?.[1]?.name).toBe('x_column_scale_2');
  for (const name of names) {
    const rest = stored(new Map([[name, 'it failed']]));
    expect(rest).toHaveLength(3);
    for (const [other, tensors] of rest) expect(tensors).toEqual(whole.get(other));
  }
});
