/** An edit of one graph as changes of its messages. */
import { assert } from '../../core/assert.ts';
import { type Edit, type GraphEdit, type NodeSpec, payloadKey } from '../../model/edit.ts';
import { type GraphId, isInside, MAIN_GRAPH } from '../../model/graphs.ts';
import type { Graph, ValueInfo } from '../../model/model.ts';
import {
  payloadLengthOf,
  writeConstant,
  writeExternalTensor,
  writeNode,
  writeTensorHeader,
  writeValueInfo,
} from './encode.ts';
import { drop, insertAtEnd, type NewBytes } from './new-bytes.ts';
import type { GraphWire, OnnxModel, Span } from './onnx-model.ts';
import type { Part } from './output-layout.ts';
import type { Change } from './rewrite.ts';
import type { SideFiles } from './side-files.ts';

const FIRST_IR_WITHOUT_LISTED_INITIALIZERS = 4;

/** What the changes of one graph are made from. */
export interface GraphPlace {
  readonly model: OnnxModel;
  readonly id: GraphId;
  readonly graph: Graph;
  readonly wire: GraphWire;
  /** Of the output. */
  readonly irVersion: number;
  /** Where long tensors go; null if the output is one file. */
  readonly sides: SideFiles | null;
}

export function changeGraph(place: GraphPlace, edit: Edit, fresh: NewBytes): Change[] {
  const own = edit.graphs.get(place.id);
  assert(own, `graph ${place.id} is edited`);
  const gone = namesGone(place, own);
  return [
    ...dropTensors(place, gone, own.reshapedValues ?? new Set()),
    ...restateOutputs(place, own.reshapedOutputs ?? new Map(), fresh),
    ...changeNodes(place, own, edit, fresh),
    ...(takesConstants(place) ? [] : addTensors(place, own, gone, fresh)),
  ];
}

/** Functions have no initializers, and in old files those of bodies would have to be inputs. */
export const takesConstants = ({ id, wire, irVersion }: GraphPlace): boolean =>
  wire.kind === 'function' ||
  (id !== MAIN_GRAPH && irVersion < FIRST_IR_WITHOUT_LISTED_INITIALIZERS);

function namesGone({ graph, id, wire }: GraphPlace, edit: GraphEdit): ReadonlySet<string> {
  const gone = new Set(edit.removedTensors);
  for (const name of gone) {
    assert(wire.initializers.has(name), `graph ${id} has an initializer ${name}`);
  }
  for (const [index, nodes] of edit.replacedNodes) {
    const kept = new Set(nodes.flatMap(({ outputs }) => outputs));
    for (const output of graph.nodes[index]?.outputs ?? []) {
      if (output !== '' && !kept.has(output)) gone.add(output);
    }
  }
  return gone;
}

function dropTensors(
  { wire }: GraphPlace,
  gone: ReadonlySet<string>,
  reshaped: ReadonlySet<string>,
): Change[] {
  const spans = new Set<Span>();
  for (const name of reshaped) for (const span of wire.valueInfos.get(name) ?? []) spans.add(span);
  for (const name of gone) {
    const initializers = wire.initializers.get(name) ?? [];
    for (const span of initializers) spans.add(span);
    if (initializers.length > 0) for (const span of wire.inputs.get(name) ?? []) spans.add(span);
    for (const span of wire.valueInfos.get(name) ?? []) spans.add(span);
    for (const span of wire.annotations.get(name) ?? []) spans.add(span);
  }
  return [...spans].map(drop);
}

/** In the place where they were stated; a file that states one twice is left with the new one. */
function restateOutputs(
  { wire }: GraphPlace,
  outputs: ReadonlyMap<string, ValueInfo>,
  fresh: NewBytes,
): Change[] {
  return [...outputs].flatMap(([name, { dtype, dims }]) => {
    const [first, ...more] = wire.outputs.get(name) ?? [];
    assert(first && dtype && dims, `the output ${name} states a shape`);
    const own = fresh.part((writer) =>
      writer.message(12, () => writeValueInfo(writer, name, dtype, dims)),
    );
    return [{ ...first, parts: [own] }, ...more.map(drop)];
  });
}

function changeNodes(place: GraphPlace, own: GraphEdit, edit: Edit, fresh: NewBytes): Change[] {
  const { model, id, wire } = place;
  const bodies = [...edit.graphs.keys()].filter((other) => isInside(other, id));
  for (const index of own.replacedNodes.keys()) {
    assert(wire.nodes[index], `graph ${id} has a node ${index}`);
    const inside = bodies.find((body) => body.startsWith(`${id}/${index}.`));
    assert(inside === undefined, `node ${index} of graph ${id} is replaced and edited inside`);
  }
  const field = wire.kind === 'function' ? 7 : 1;
  const encoded = (nodes: readonly NodeSpec[]): Part[] =>
    nodes.map((node) =>
      fresh.part((writer) => writer.message(field, () => writeNode(writer, node))),
    );
  const constants = takesConstants(place) ? own.addedTensors : [];
  const first: Part[] = [
    ...constants.flatMap((tensor): Part[] => [
      fresh.part((writer) => writeConstant(writer, field, tensor)),
      payloadPart(tensor),
    ]),
    ...encoded(own.prelude),
  ];
  const start = wire.nodes.reduce<Span | null>((a, b) => (a && a.start < b.start ? a : b), null);
  if (!start) return first.length === 0 ? [] : [insertAtEnd(model, lastFrame(wire), first)];
  if (wire.isSorted) {
    const replaced = [...own.replacedNodes].map(([index, nodes]) => ({
      ...wire.nodes[index]!,
      parts: encoded(nodes),
    }));
    if (first.length === 0) return replaced;
    const { frame } = start;
    return [{ frame, start: start.start, end: start.start, parts: first }, ...replaced];
  }
  // Put in order of execution, all where the first one stood.
  const parts = wire.nodes.flatMap((span, index): Change['parts'] => {
    const nodes = own.replacedNodes.get(index);
    return nodes ? encoded(nodes) : [{ kind: 'field', ...span }];
  });
  return wire.nodes.map((span) => ({ ...span, parts: span === start ? [...first, ...parts] : [] }));
}

const payloadPart = (tensor: GraphEdit['addedTensors'][number]): Part =>
  tensor.bytes
    ? { kind: 'bytes', bytes: tensor.bytes }
    : { kind: 'payload', name: payloadKey(tensor), byteLength: payloadLengthOf(tensor) };

function lastFrame({ frames }: GraphWire): number {
  const last = frames.at(-1);
  assert(last !== undefined, 'a graph is in a message');
  return last;
}

function addTensors(
  { model, id, graph, wire, irVersion, sides }: GraphPlace,
  edit: GraphEdit,
  gone: ReadonlySet<string>,
  fresh: NewBytes,
): Change[] {
  const isListed = id === MAIN_GRAPH && irVersion < FIRST_IR_WITHOUT_LISTED_INITIALIZERS;
  return edit.addedTensors.map((tensor) => {
    const { name, dtype, dims } = tensor;
    assert(!graph.tensors.has(name) || gone.has(name), `the added tensor ${name} is new`);
    const byteLength = payloadLengthOf(tensor);
    const payload = payloadPart(tensor);
    const parts: Part[] = [];
    if (sides?.isWorthMoving(byteLength)) {
      const reference = sides.place(payload, byteLength, name);
      parts.push(
        fresh.part((writer) =>
          writer.message(5, () => writeExternalTensor(writer, tensor, reference)),
        ),
      );
    } else {
      const header = fresh.part((writer) =>
        writer.message(5, () => writeTensorHeader(writer, tensor), byteLength),
      );
      parts.push(header, payload);
    }
    if (isListed) {
      parts.push(
        fresh.part((writer) => writer.message(11, () => writeValueInfo(writer, name, dtype, dims))),
      );
    }
    return insertAtEnd(model, lastFrame(wire), parts);
  });
}
