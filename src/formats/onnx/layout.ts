/**
 * The layout of an output: every byte of its files as a copy of the model's, a few new bytes, or
 * a payload that is still to be computed but whose length is known. So the plan's size is the
 * written file's by construction. Takes time in proportion to the edit, not to the model.
 */
import { assert } from '../../core/assert.ts';
import { StudioError } from '../../core/studio-error.ts';
import { type Edit, EMPTY_GRAPH_EDIT, type GraphEdit, payloadKey } from '../../model/edit.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import {
  payloadLengthOf,
  writeNode,
  writeOpset,
  writeTensorHeader,
  writeValueInfo,
} from './encode.ts';
import type { OnnxModel, OnnxWire, Span } from './onnx-model.ts';
import { type OutputLayout, type Part, partLength } from './output-layout.ts';
import { ProtoWriter } from './proto-writer.ts';
import { type Change, rewrite } from './rewrite.ts';

/** Protobuf messages end at 2^31 − 1 bytes; below it there is room for what runtimes add. */
const LARGEST_FILE = 1_900_000_000;
const FIRST_IR_WITHOUT_LISTED_INITIALIZERS = 4;
const MODEL = -1;

/**
 * Without a change the model's own files, byte for byte; else one file that holds everything,
 * external data included. Nodes come where the replaced node was, tensors at the graph's end.
 * @throws too-large above 1.9 GB
 */
export function layoutOnnx(model: OnnxModel, edit: Edit): OutputLayout {
  if (isEmpty(edit)) {
    return {
      files: model.files.map(({ path, blob }, file) => ({
        path,
        byteLength: blob.size,
        parts: [{ kind: 'copy', range: { file, start: 0, end: blob.size } }],
      })),
    };
  }
  const [graphFile] = model.files;
  assert(graphFile, `${model.name} has a file`);
  const { [MAIN_GRAPH]: main = EMPTY_GRAPH_EDIT, ...bodies } = Object.fromEntries(edit.graphs);
  assert(Object.keys(bodies).length === 0, 'only the main graph is edited');
  const fresh = new NewBytes();
  const changes = [
    ...embedExternal(model, fresh),
    ...dropTensors(model, main),
    ...replaceNodes(model, main, fresh),
    ...addTensors(model, main, fresh),
    ...addOpsets(model, edit, fresh),
  ];
  const parts = rewrite(model.wire.frames, graphFile.blob.size, changes);
  const byteLength = parts.reduce((sum, part) => sum + partLength(part), 0);
  if (byteLength > LARGEST_FILE) {
    throw new StudioError(
      'too-large',
      `The compressed ${model.name} would have ${byteLength} bytes; Whittle writes single files of at most ${LARGEST_FILE}. Choose fewer bits or more weights.`,
      { detail: { file: graphFile.path } },
    );
  }
  return { files: [{ path: graphFile.path, byteLength, parts }] };
}

/** Bytes of all files that `layoutOnnx` gives. */
export const layoutByteLength = (model: OnnxModel, edit: Edit): number =>
  layoutOnnx(model, edit).files.reduce((sum, { byteLength }) => sum + byteLength, 0);

const isEmpty = ({ graphs, opsets }: Edit): boolean => graphs.size === 0 && opsets.size === 0;

const drop = ({ frame, start, end }: Span): Change => ({ frame, start, end, parts: [] });

const insertAtEnd = (model: OnnxModel, frame: number, parts: readonly Part[]): Change => {
  const end = frame === MODEL ? (model.files[0]?.blob.size ?? 0) : model.wire.frames[frame]!.end;
  return { frame, start: end, end, parts };
};

type Write = (writer: ProtoWriter) => void;

/** New bytes of one output, all in the chunks of one writer. */
class NewBytes {
  readonly #writer = new ProtoWriter();

  part(write: Write): Part {
    write(this.#writer);
    return { kind: 'bytes', bytes: this.#writer.take() };
  }
}

/** One output file has no side files, so every payload moves in. */
const embedExternal = (model: OnnxModel, fresh: NewBytes): Change[] =>
  model.wire.external.flatMap(({ dropped, frame, payload }) => [
    ...dropped.map(drop),
    insertAtEnd(model, frame, [
      fresh.part((writer) => writer.header(9, payload.end - payload.start)),
      { kind: 'copy', range: payload },
    ]),
  ]);

function dropTensors({ name: modelName, wire, graph }: OnnxModel, edit: GraphEdit): Change[] {
  const gone = new Set(edit.removedTensors);
  for (const [index, nodes] of edit.replacedNodes) {
    const kept = new Set(nodes.flatMap(({ outputs }) => outputs));
    for (const output of graph.nodes[index]?.outputs ?? []) {
      if (output !== '' && !kept.has(output)) gone.add(output);
    }
  }
  const spans = new Set<Span>();
  for (const name of gone) {
    const initializers = wire.initializers.get(name) ?? [];
    assert(
      initializers.length > 0 || !edit.removedTensors.has(name),
      `${modelName} has an initializer ${name}`,
    );
    for (const span of initializers) spans.add(span);
    if (initializers.length > 0) for (const span of wire.inputs.get(name) ?? []) spans.add(span);
    for (const span of wire.valueInfos.get(name) ?? []) spans.add(span);
    for (const span of wire.annotations.get(name) ?? []) spans.add(span);
  }
  return [...spans].map(drop);
}

function replaceNodes({ name, wire }: OnnxModel, edit: GraphEdit, fresh: NewBytes): Change[] {
  for (const index of edit.replacedNodes.keys()) {
    assert(wire.nodes[index], `${name} has a node ${index}`);
  }
  const encoded = (index: number): Part[] =>
    (edit.replacedNodes.get(index) ?? []).map((node) =>
      fresh.part((writer) => writer.message(1, () => writeNode(writer, node))),
    );
  if (wire.isSorted || hasExternalNodes(wire)) {
    return [...edit.replacedNodes.keys()].map((index) => ({
      ...wire.nodes[index]!,
      parts: encoded(index),
    }));
  }
  // Rewritten in order of execution, all where the first one stood.
  const first = wire.nodes.reduce((a, b) => (b.start < a.start ? b : a));
  const parts = wire.nodes.flatMap(({ start, end }, index): Part[] =>
    edit.replacedNodes.has(index)
      ? encoded(index)
      : [{ kind: 'copy', range: { file: 0, start, end } }],
  );
  return wire.nodes.map((span) => ({ ...span, parts: span === first ? parts : [] }));
}

/** Side files used from inside nodes: those nodes are rewritten in place, so the order stays. */
const hasExternalNodes = ({ external, frames, graphs }: OnnxWire): boolean =>
  external.some(({ frame }) => {
    let index = frame;
    while (index !== MODEL && !graphs.includes(frames[index]!.parent))
      index = frames[index]!.parent;
    return index !== MODEL && frames[index]!.fieldNumber === 1;
  });

function addTensors(model: OnnxModel, edit: GraphEdit, fresh: NewBytes): Change[] {
  const graph = model.wire.graphs.at(-1);
  assert(graph !== undefined, `${model.name} has a graph`);
  const isListed = model.irVersion < FIRST_IR_WITHOUT_LISTED_INITIALIZERS;
  return edit.addedTensors.map((tensor) => {
    const { name, dtype, dims, bytes } = tensor;
    assert(
      !model.graph.tensors.has(name) || edit.removedTensors.has(name),
      `the added tensor ${name} is new`,
    );
    const byteLength = payloadLengthOf(tensor);
    const parts: Part[] = [
      fresh.part((writer) =>
        writer.message(5, () => writeTensorHeader(writer, tensor), byteLength),
      ),
      bytes ? { kind: 'bytes', bytes } : { kind: 'payload', name: payloadKey(tensor), byteLength },
    ];
    if (isListed) {
      parts.push(
        fresh.part((writer) => writer.message(11, () => writeValueInfo(writer, name, dtype, dims))),
      );
    }
    return insertAtEnd(model, graph, parts);
  });
}

function addOpsets(model: OnnxModel, edit: Edit, fresh: NewBytes): Change[] {
  const missing = [...edit.opsets].filter(([domain]) => !model.opsets.has(domain));
  return missing.map(([domain, version]) =>
    insertAtEnd(model, MODEL, [
      fresh.part((writer) => writer.message(8, () => writeOpset(writer, domain, version))),
    ]),
  );
}
