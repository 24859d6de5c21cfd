import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bodyId, functionId, graphsOf } from '../../model/graphs.ts';
import { openOnnx } from './open.ts';
import { readFloat32 } from './read-float32.ts';
import { applyEdit, editOf, SQUARE, SQUARE_VALUES } from './testing/apply-edit.ts';
import {
  asFiles,
  buildGraph,
  buildMessage,
  buildModel,
  buildNode,
  floatTensor,
  type GraphSpec,
} from './testing/build-model.ts';
import { openGolden } from './testing/golden.ts';

const IF = bodyId('', 0, 0);

/** An If whose then branch holds `inner`, and its else branch one node. */
const choice = (inner: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const other = buildGraph(branch());
  return buildMessage(
    ...([
      [1, 'c'],
      [2, 'y'],
      [4, 'If'],
    ] as const),
    [5, buildMessage([1, 'then_branch'], [6, inner], [20, 5])],
    [5, buildMessage([1, 'else_branch'], [6, other], [20, 5])],
  );
};

const branch = (rest: Partial<GraphSpec> = {}): GraphSpec => ({
  nodes: [buildNode('Relu', ['x'], ['y_'])],
  initializers: [],
  inputs: [],
  outputs: ['y_'],
  ...rest,
});

const modelWith = (node: Uint8Array<ArrayBuffer>, irVersion = 8) =>
  openOnnx(
    asFiles(
      buildModel({
        ...{ nodes: [], initializers: [], inputs: ['x', 'c'], outputs: ['y'] },
        ...{ irVersion, extra: [buildMessage([1, node])] },
      }),
    ),
  );

test('a weight of one branch is replaced, its namesake in the other stays', async () => {
  const model = await openGolden('if_subgraphs', readFileSync);
  const graphs = graphsOf(model);
  const index = model.graph.nodes.findIndex(({ op }) => op === 'If');
  const [id, other] = [bodyId('', index, 0), bodyId('', index, 1)];
  const body = graphs.get(id);
  const user = body?.nodes.find(({ inputs }) => inputs.includes('W'));
  if (!body || !user) throw new Error('the branch uses W');
  const spec = { ...SQUARE, key: 'payload' };
  const inputs = user.inputs.map((name) => (name === 'W' ? 'W_new' : name));
  const edit = editOf(
    {
      removedTensors: new Set(['W']),
      addedTensors: [spec],
      replacedNodes: new Map([[user.index, [buildNode(user.op, inputs, user.outputs)]]]),
      prelude: [buildNode('Identity', ['W_new'], ['unused'])],
    },
    new Map(),
    id,
  );
  const { reopened, plannedLength, bytes } = await applyEdit(model, edit);
  expect(bytes.length).toBe(plannedLength);
  const after = graphsOf(reopened);
  const added = after.get(id)?.tensors.get('W_new');
  expect(added && (await readFloat32(reopened, added))).toEqual(SQUARE_VALUES);
  expect(after.get(id)?.tensors.has('W')).toBe(false);
  expect(after.get(id)?.nodes[0]?.op).toBe('Identity');
  const kept = after.get(other)?.tensors.get('W');
  const before = graphs.get(other)?.tensors.get('W');
  if (!kept || !before) throw new Error('the other branch keeps W');
  expect(await readFloat32(reopened, kept)).toEqual(await readFloat32(model, before));
  expect(reopened.graph.nodes[index]?.subgraphNames).toEqual(
    model.graph.nodes[index]?.subgraphNames,
  );
});

test('a body 30 deep is edited, and every length around it follows', async () => {
  const W = floatTensor(
    'W',
    [100],
    Array.from({ length: 100 }, (_, at) => at),
  );
  let inner = buildGraph(branch({ initializers: [W] }));
  for (let depth = 1; depth < 30; depth++) {
    const outer = branch({ nodes: [], outputs: ['y'] });
    inner = Uint8Array.of(...buildMessage([1, choice(inner)]), ...buildGraph(outer));
  }
  const model = await modelWith(choice(inner));
  const [id = ''] = [...graphsOf(model)].find(([, { tensors }]) => tensors.has('W')) ?? [];
  expect(id.split('/')).toHaveLength(31);
  const edit = editOf({ removedTensors: new Set(['W']), addedTensors: [SQUARE] }, new Map(), id);
  const { reopened } = await applyEdit(model, edit);
  const graphs = graphsOf(reopened);
  expect([...(graphs.get(id)?.tensors.keys() ?? [])]).toEqual(['W_new']);
  expect(graphs.size).toBe(graphsOf(model).size);
});

test('main graph and bodies change together, side files move in', async () => {
  const model = await openGolden('loop_subgraph', readFileSync);
  const id = [...graphsOf(model).keys()].at(-1) ?? '';
  const inBody = { ...SQUARE, name: 'in body' };
  const { reopened } = await applyEdit(model, {
    graphs: new Map([
      ...editOf({ addedTensors: [SQUARE] }).graphs,
      ...editOf({ addedTensors: [inBody] }, new Map(), id).graphs,
    ]),
    opsets: new Map([['com.microsoft', 1]]),
  });
  const graphs = graphsOf(reopened);
  expect(graphs.get('')?.tensors.has('W_new')).toBe(true);
  expect(graphs.get(id)?.tensors.has('in body')).toBe(true);
  expect(reopened.opsets.get('com.microsoft')).toBe(1);
  expect(reopened.parameterCount).toBe(model.parameterCount + 32);
});

test('nodes of a body that is out of order are put in order', async () => {
  const nodes = [buildNode('Relu', ['h'], ['y_']), buildNode('Tanh', ['x'], ['h'])];
  const model = await modelWith(choice(buildGraph(branch({ nodes }))));
  const spec = buildNode('Sigmoid', ['x'], ['h']);
  const edit = editOf({ replacedNodes: new Map([[0, [spec]]]) }, new Map(), IF);
  const { proto, reopened } = await applyEdit(model, edit);
  const then = proto.graph?.node[0]?.attribute[0]?.g;
  expect(then?.node.map(({ opType }) => opType)).toEqual(['Sigmoid', 'Relu']);
  expect(reopened.wire.graphs.get(IF)?.isSorted).toBe(true);
});

test('a body repeated in its attribute is one body', async () => {
  const part = buildGraph(branch({ nodes: [], outputs: [] }));
  const node = buildMessage(
    [1, 'c'],
    [2, 'y'],
    [4, 'If'],
    [5, buildMessage([1, 'then_branch'], [6, part], [6, buildGraph(branch())], [20, 5])],
  );
  const model = await modelWith(node);
  const edit = editOf({ addedTensors: [SQUARE] }, new Map(), IF);
  const { proto } = await applyEdit(model, edit);
  const then = proto.graph?.node[0]?.attribute[0]?.g;
  expect(then?.initializer.map(({ name }) => name)).toEqual(['W_new']);
  expect(then?.node).toHaveLength(1);
});

test('bodies of files before IR 4 get Constant nodes, as their initializers would be inputs', async () => {
  const model = await modelWith(choice(buildGraph(branch())), 3);
  const edit = editOf({ addedTensors: [SQUARE] }, new Map(), IF);
  const { reopened } = await applyEdit(model, edit);
  const body = graphsOf(reopened).get(IF);
  expect(body?.nodes.map(({ op }) => op)).toEqual(['Constant', 'Relu']);
  const constant = body?.tensors.get('W_new');
  expect(constant && (await readFloat32(reopened, constant))).toEqual(SQUARE_VALUES);
});

describe('a local function', () => {
  test('is a graph with weights, and gets new ones as Constant nodes', async () => {
    const model = await openGolden('local_function', readFileSync);
    const [local] = model.functions;
    if (!local) throw new Error('there is a function');
    const own = [...local.body.tensors.values()];
    expect(own.map(({ place }) => place)).toEqual(['constant-node']);
    const [W] = own;
    const maker = local.body.nodes.find(({ outputs }) => outputs[0] === W?.name);
    const edit = editOf(
      {
        replacedNodes: new Map([[maker?.index ?? -1, []]]),
        addedTensors: [{ ...SQUARE, name: W?.name ?? '' }],
        prelude: [
          buildNode('Foo', [W?.name ?? ''], ['foo'], { domain: 'com.microsoft', name: 'n' }),
        ],
      },
      new Map([['com.microsoft', 1]]),
      functionId(0),
    );
    const { reopened } = await applyEdit(model, edit);
    const after = reopened.functions[0];
    const constant = after?.body.tensors.get(W?.name ?? '');
    expect(constant && (await readFloat32(reopened, constant))).toEqual(SQUARE_VALUES);
    expect(after?.body.nodes.slice(0, 2).map(({ op }) => op)).toEqual(['Constant', 'Foo']);
    expect(after?.opsets.get('com.microsoft')).toBe(1);
    expect(after?.opsets.get('')).toBe(local.opsets.get(''));
    expect(reopened.functions.slice(1)).toHaveLength(model.functions.length - 1);
  });

  test('has no value for an attribute that its callers give', async () => {
    const reference = buildMessage([1, 'value_float'], [20, 1], [21, 'alpha']);
    const constant = buildMessage([2, 'k'], [4, 'Constant'], [5, reference]);
    const addition = buildMessage([1, 'a'], [1, 'k'], [2, 'b'], [4, 'Add']);
    const local = buildMessage(
      ...([
        [1, 'F'],
        [4, 'a'],
        [5, 'b'],
        [6, 'alpha'],
        [10, 'own'],
      ] as const),
      ...([
        [7, constant],
        [7, addition],
      ] as const),
      [9, buildMessage([1, ''], [2, 17])],
    );
    const model = await openOnnx(
      asFiles(
        buildModel({
          ...{ nodes: [buildNode('Relu', ['x'], ['y'])], initializers: [] },
          ...{ inputs: ['x'], outputs: ['y'], modelExtra: [buildMessage([25, local])] },
        }),
      ),
    );
    expect(model.functions[0]).toMatchObject({ name: 'F', domain: 'own' });
    expect(model.functions[0]?.body.tensors.size).toBe(0);
  });
});

describe('a higher opset', () => {
  test('replaces the lower import, of functions too, and raises the IR with it', async () => {
    const model = await openGolden('local_function', readFileSync);
    const { reopened, proto } = await applyEdit(model, editOf({}, new Map([['', 21]])));
    expect(proto.opsetImport.filter(({ domain }) => domain === '')).toHaveLength(1);
    expect(reopened.opsets.get('')).toBe(21);
    expect(reopened.functions.map(({ opsets }) => opsets.get(''))).toEqual([21]);
    expect(reopened.irVersion).toBe(10);
  });

  test('is not lowered', async () => {
    const model = await openGolden('dtypes_raw', readFileSync);
    const { reopened } = await applyEdit(model, editOf({}, new Map([['', 17]])));
    expect(reopened.opsets).toEqual(model.opsets);
    expect(reopened.irVersion).toBe(model.irVersion);
  });

  test('leaves initializers constants where they had to be inputs before', async () => {
    const model = await openGolden('opset9_ir3', readFileSync);
    const { reopened } = await applyEdit(
      model,
      editOf({ addedTensors: [SQUARE] }, new Map([['', 17]])),
    );
    expect(reopened.irVersion).toBe(8);
    expect(reopened.graph.overridable.size).toBe(0);
    expect(reopened.graph.inputs).toEqual(model.graph.inputs);
  });
});
