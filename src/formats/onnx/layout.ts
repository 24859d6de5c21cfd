/**
 * The layout of an output: every byte of its files as a copy of the model's, a few new bytes, or
 * a payload that is still to be computed but whose length is known. So the plan's size is the
 * written file's by construction. Takes time in proportion to the edit, not to the model.
 */
import { assert } from '../../core/assert.ts';
import { StudioError } from '../../core/studio-error.ts';
import type { Edit } from '../../model/edit.ts';
import { graphsOf } from '../../model/graphs.ts';
import { changeGraph } from './edit-graph.ts';
import { changeVersions, irVersionOf } from './edit-versions.ts';
import { drop, insertAtEnd, NewBytes } from './new-bytes.ts';
import type { OnnxModel } from './onnx-model.ts';
import { type OutputLayout, partLength } from './output-layout.ts';
import { type Change, rewrite } from './rewrite.ts';

/** Protobuf messages end at 2^31 − 1 bytes; below it there is room for what runtimes add. */
const LARGEST_FILE = 1_900_000_000;

/**
 * Without a change the model's own files, byte for byte; else one file that holds everything,
 * external data included. Nodes come where the replaced node was, tensors at their graph's end;
 * functions, which have no tensors, get them as Constant nodes.
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
  const fresh = new NewBytes();
  const changes = [
    ...embedExternal(model, fresh),
    ...changeGraphs(model, edit, fresh),
    ...changeVersions(model, edit, fresh),
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

/** One output file has no side files, so every payload moves in. */
const embedExternal = (model: OnnxModel, fresh: NewBytes): Change[] =>
  model.wire.external.flatMap(({ dropped, frame, payload }) => [
    ...dropped.map(drop),
    insertAtEnd(model, frame, [
      fresh.part((writer) => writer.header(9, payload.end - payload.start)),
      { kind: 'copy', range: payload },
    ]),
  ]);

function changeGraphs(model: OnnxModel, edit: Edit, fresh: NewBytes): Change[] {
  const graphs = graphsOf(model);
  const irVersion = irVersionOf(model, edit);
  return [...edit.graphs.keys()].flatMap((id) => {
    const graph = graphs.get(id);
    const wire = model.wire.graphs.get(id);
    assert(graph && wire, `${model.name} has a graph ${id}`);
    return changeGraph({ model, id, graph, wire, irVersion }, edit, fresh);
  });
}
