/**
 * The model as a runtime takes it with the least memory: a graph without its large weights, and
 * those beside it. A runtime keeps a graph's file whole while it copies the weights out of it and
 * a side file not at all.
 */
import { assert } from '../../core/assert.ts';
import type { SourceFile } from '../../model/model.ts';
import { writeReference } from './encode.ts';
import type { EmbeddedTensor, OnnxModel } from './onnx-model.ts';
import type { Part } from './output-layout.ts';
import { encode } from './proto-writer.ts';
import { type Change, rewrite } from './rewrite.ts';

/**
 * Below it a payload stays in the graph. A model of 91 MB takes 131 MB of WASM heap with this limit,
 * 147 MB with 1 MiB and 255 MB with everything embedded; sessions open as fast.
 */
const LEAST_EXTERNAL = 64 * 1024;
const SIDE_FILE = 'whittle-weights.bin';

export interface Externalized {
  /** A whole ModelProto. */
  readonly graph: Blob;
  /** Under the names that the graph has for them, relative to it. */
  readonly externalFiles: readonly SourceFile[];
  readonly embeddedBytes: number;
  readonly externalBytes: number;
}

/**
 * Replaces every payload of at least `minBytes` that the main graph's initializers embed by a
 * reference to one more side file, made of slices of the model's own file: nothing is read or
 * copied. Everything else stays as it is, byte for byte, side files included.
 */
export function externalize(model: OnnxModel, minBytes = LEAST_EXTERNAL): Externalized {
  const [graphFile, ...sideFiles] = model.files;
  assert(graphFile, `${model.name} has a file`);
  const externalFiles = besides(graphFile, sideFiles);
  const moved = model.wire.embedded.filter(({ payload }) => lengthOf(payload) >= minBytes);
  if (moved.length === 0) return sized(graphFile.blob, externalFiles);

  const location = freeName(externalFiles.map(({ path }) => path));
  const slices: Blob[] = [];
  const changes: Change[] = [];
  let offset = 0;
  for (const { dropped, frame, payload } of moved) {
    const length = lengthOf(payload);
    const reference = encode((writer) => writeReference(writer, { location, offset, length }));
    const { end } = model.wire.frames[frame]!;
    changes.push(...dropped.map((span) => ({ ...span, parts: [] })), {
      frame,
      start: end,
      end,
      parts: [{ kind: 'bytes', bytes: reference }],
    });
    slices.push(graphFile.blob.slice(payload.start, payload.end));
    offset += length;
  }
  const parts = rewrite(model.wire.frames, graphFile.blob.size, changes);
  const graph = new Blob(parts.map((part) => contentOf(part, graphFile.blob)));
  return sized(graph, [...externalFiles, { path: location, blob: new Blob(slices) }]);
}

const lengthOf = ({ start, end }: EmbeddedTensor['payload']): number => end - start;

const sized = (graph: Blob, externalFiles: readonly SourceFile[]): Externalized => ({
  graph,
  externalFiles,
  embeddedBytes: graph.size,
  externalBytes: externalFiles.reduce((sum, { blob }) => sum + blob.size, 0),
});

/** Side files by their paths as seen from the graph's folder. */
function besides(graphFile: SourceFile, sideFiles: readonly SourceFile[]): SourceFile[] {
  const folder = graphFile.path.replace(/[^/]*$/, '');
  return sideFiles.map(({ path, blob }) => ({
    path: path.startsWith(folder) ? path.slice(folder.length) : path,
    blob,
  }));
}

function freeName(taken: readonly string[]): string {
  let name = SIDE_FILE;
  for (let count = 2; taken.includes(name); count++) name = `${count}-${SIDE_FILE}`;
  return name;
}

function contentOf(part: Part, blob: Blob): BlobPart {
  if (part.kind === 'bytes') return part.bytes;
  assert(part.kind === 'copy', 'the graph is all copies and new bytes');
  return blob.slice(part.range.start, part.range.end);
}
