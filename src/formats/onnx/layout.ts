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
import { embedExternal, moveOut } from './move-payloads.ts';
import { NewBytes } from './new-bytes.ts';
import type { OnnxModel } from './onnx-model.ts';
import { type OutputFile, type OutputLayout, partLength } from './output-layout.ts';
import { type Change, rewrite } from './rewrite.ts';
import { type OutputLimits, SideFiles } from './side-files.ts';

/**
 * Protobuf messages end at 2^31 − 1 bytes, and browsers' buffers about there; below it there is
 * room for what runtimes add. Shapes and the like stay where every reader of graphs sees them.
 */
const LIMITS: OutputLimits = { largestFile: 1_900_000_000, leastExternal: 1024 };

/**
 * Without a change the model's own files, byte for byte; else one file that holds everything,
 * external data included. Where that would pass the limit, the graph and, beside it, its long
 * initializers in `NAME.onnx.data`, `NAME.onnx.1.data` and so on, each below the limit too. Nodes
 * come where the replaced node was, tensors at their graph's end; functions, which have no
 * tensors, get them as Constant nodes.
 * @throws too-large if the graph alone or a single tensor passes the limit
 */
export function layoutOnnx(model: OnnxModel, edit: Edit, limits = LIMITS): OutputLayout {
  if (isEmpty(edit)) {
    return {
      files: model.files.map(({ path, blob }, file) => ({
        path,
        byteLength: blob.size,
        parts: [{ kind: 'copy', range: { file, start: 0, end: blob.size } }],
      })),
    };
  }
  const whole = layoutGraph(model, edit, null);
  if (whole.byteLength <= limits.largestFile) return { files: [whole] };
  const sides = new SideFiles(whole.path, limits);
  const graph = layoutGraph(model, edit, sides);
  if (graph.byteLength > limits.largestFile) {
    throw new StudioError(
      'too-large',
      `The compressed ${model.name} would have ${graph.byteLength} bytes besides its weights; Whittle writes files of at most ${limits.largestFile}. Split the model.`,
      { detail: { file: graph.path } },
    );
  }
  return { files: [graph, ...sides.files()] };
}

/** Bytes of all files that `layoutOnnx` gives. */
export const layoutByteLength = (model: OnnxModel, edit: Edit): number =>
  layoutOnnx(model, edit).files.reduce((sum, { byteLength }) => sum + byteLength, 0);

const isEmpty = ({ graphs, opsets }: Edit): boolean => graphs.size === 0 && opsets.size === 0;

function layoutGraph(model: OnnxModel, edit: Edit, sides: SideFiles | null): OutputFile {
  const [graphFile] = model.files;
  assert(graphFile, `${model.name} has a file`);
  const fresh = new NewBytes();
  const changes = [
    ...changeGraphs(model, edit, sides, fresh),
    ...changeVersions(model, edit, fresh),
  ];
  const payloads = sides ? moveOut(model, changes, sides, fresh) : embedExternal(model, fresh);
  const parts = rewrite(model.wire.frames, graphFile.blob.size, [...payloads, ...changes]);
  const byteLength = parts.reduce((sum, part) => sum + partLength(part), 0);
  return { path: graphFile.path, byteLength, parts };
}

function changeGraphs(
  model: OnnxModel,
  edit: Edit,
  sides: SideFiles | null,
  fresh: NewBytes,
): Change[] {
  const graphs = graphsOf(model);
  const irVersion = irVersionOf(model, edit);
  return [...edit.graphs.keys()].flatMap((id) => {
    const graph = graphs.get(id);
    const wire = model.wire.graphs.get(id);
    assert(graph && wire, `${model.name} has a graph ${id}`);
    return changeGraph({ model, id, graph, wire, irVersion, sides }, edit, fresh);
  });
}
