/** Random edits of random graphs, bodies and functions, against what they should come to. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { expect, test } from 'vitest';
import {
  type Edit,
  EMPTY_GRAPH_EDIT,
  type GraphEdit,
  type NodeSpec,
  type TensorSpec,
} from '../../model/edit.ts';
import { bodyId, functionId, type GraphId, graphsOf, MAIN_GRAPH } from '../../model/graphs.ts';
import type { Graph, Node } from '../../model/model.ts';
import { takenNames } from '../../model/testing/taken-names.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import { applyEdit, SQUARE, SQUARE_VALUES } from './testing/apply-edit.ts';
import { asFiles, buildNode, floatTensor } from './testing/build-model.ts';
import { type Choose, chooser, nestedModel } from './testing/nested-model.ts';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);

test.each(SEEDS)('seed %i', async (seed) => {
  const model = await openOnnx(asFiles(nestedModel(seed)));
  const edit = randomEdit(model, chooser(seed + 1000));
  const { bytes, plannedLength, reopened, proto } = await applyEdit(model, edit);
  expect(bytes.length).toBe(plannedLength);
  await expectGraph([model, model.graph], [reopened, reopened.graph], MAIN_GRAPH, edit);
  for (const [index, { body }] of model.functions.entries()) {
    const after = reopened.functions[index]?.body;
    if (!after) throw new Error('the function is gone');
    await expectGraph([model, body], [reopened, after], functionId(index), edit);
  }
  expect(toBinary(ModelProtoSchema, proto)).toEqual(
    toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, bytes)),
  );
  const unknown = (data: Uint8Array) => Buffer.from(data).toString('latin1').split('kept').length;
  const before = unknown(new Uint8Array((await model.files[0]?.blob.arrayBuffer()) ?? []));
  const replaced = [...edit.graphs.values()].some(({ replacedNodes }) => replacedNodes.size > 0);
  if (!replaced) expect(unknown(bytes)).toBe(before);
});

test('the seeds reach bodies in bodies, functions, and graphs out of order', async () => {
  const models = await Promise.all(SEEDS.map((seed) => openOnnx(asFiles(nestedModel(seed)))));
  const ids = models.flatMap((model) => [...graphsOf(model).keys()]);
  expect(ids.some((id) => id.split('/').length > 4)).toBe(true);
  expect(ids.some((id) => id.startsWith('function:1/'))).toBe(true);
  const wires = models.flatMap(({ wire }) => [...wire.graphs]);
  expect(wires.some(([id, { isSorted }]) => id !== '' && !isSorted)).toBe(true);
  expect(wires.some(([, { frames }]) => frames.length > 1)).toBe(true);
});

/** Some graphs change; nodes go or become others only where nothing inside them changes. */
function randomEdit(model: OnnxModel, choose: Choose): Edit {
  const unique = takenNames(model);
  const graphs = new Map<GraphId, GraphEdit>();
  for (const [id, graph] of [...graphsOf(model)].reverse()) {
    if (choose(3) === 0) continue;
    const addedTensors: TensorSpec[] = [];
    if (choose(2) === 0) addedTensors.push({ ...SQUARE, name: unique('deferred'), key: `k ${id}` });
    if (choose(2) === 0) addedTensors.push(floatTensor(unique('known'), [2], [choose(9), 1]));
    const read = addedTensors.map(({ name }) => name);
    const prelude = choose(2) === 0 && read[0] ? [buildNode('Neg', [read[0]], [unique('p')])] : [];
    const replacedNodes = new Map<number, readonly NodeSpec[]>();
    for (const { index, op, inputs, outputs, subgraphs } of graph.nodes) {
      const isTouched = subgraphs.some((_, at) => hasEdits(graphs, bodyId(id, index, at)));
      if (isTouched || op === 'Constant' || choose(3) > 0) continue;
      const middle = unique('m');
      replacedNodes.set(index, [
        buildNode('First', [...inputs, ...read], [middle]),
        buildNode('Second', [middle], outputs),
      ]);
    }
    graphs.set(id, { ...EMPTY_GRAPH_EDIT, addedTensors, prelude, replacedNodes });
  }
  return { graphs, opsets: new Map([['', choose(2) === 0 ? 17 : 21]]) };
}

const hasEdits = (graphs: ReadonlyMap<GraphId, GraphEdit>, id: GraphId): boolean =>
  [...graphs.keys()].some((other) => other === id || other.startsWith(`${id}/`));

type Place = readonly [model: OnnxModel, graph: Graph];

async function expectGraph(before: Place, after: Place, id: GraphId, edit: Edit): Promise<void> {
  const [[model, graph], [reopened, now]] = [before, after];
  const own = edit.graphs.get(id) ?? EMPTY_GRAPH_EDIT;
  const isFunction = id.startsWith('function:') && !id.includes('/');
  const constants = isFunction
    ? own.addedTensors.map(({ name }) => buildNode('Constant', [], [name]))
    : [];
  const expected: readonly (Node | NodeSpec)[] = [
    ...constants,
    ...own.prelude,
    ...graph.nodes.flatMap((node): readonly (Node | NodeSpec)[] => {
      return own.replacedNodes.get(node.index) ?? [node];
    }),
  ];
  const shown = ({ op, inputs, outputs }: Node | NodeSpec) => [op, inputs, outputs];
  expect(now.nodes.map(shown)).toEqual(expected.map(shown));
  const added = own.addedTensors.map(({ name }) => name);
  expect(new Set(now.tensors.keys())).toEqual(new Set([...graph.tensors.keys(), ...added]));
  for (const [name, tensor] of now.tensors) {
    const old = graph.tensors.get(name);
    const spec = own.addedTensors.find((other) => other.name === name);
    const values = old
      ? await readTensor(model, old)
      : (spec?.bytes ?? new Uint8Array(SQUARE_VALUES.buffer));
    expect(Buffer.compare(await readTensor(reopened, tensor), values)).toBe(0);
  }
  for (const [index, item] of expected.entries()) {
    if (!('subgraphs' in item)) continue;
    for (const [at, body] of item.subgraphs.entries()) {
      const inner = now.nodes[index]?.subgraphs[at];
      if (!inner) throw new Error('the body is gone');
      await expectGraph([model, body], [reopened, inner], bodyId(id, item.index, at), edit);
    }
  }
}
