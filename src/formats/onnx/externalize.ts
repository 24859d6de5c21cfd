/**
 * The model as a runtime takes it with the least memory: a graph without its large weights, and
 * those beside it. A runtime keeps a graph's file whole while it copies the weights out of it and
 * a side file not at all.
 */
import { assert } from '../../core/assert.ts';
import type { ByteRange, SourceFile } from '../../model/model.ts';
import { writeReference } from './encode.ts';
import type { ExternalTensor, OnnxModel } from './onnx-model.ts';
import type { Part } from './output-layout.ts';
import { encode } from './proto-writer.ts';
import { type Change, rewrite } from './rewrite.ts';

/**
 * Below it a payload stays in the graph. A model of 91 MB takes 131 MB of WASM heap with this limit,
 * 147 MB with 1 MiB and 255 MB with everything embedded; sessions open as fast.
 */
const LEAST_EXTERNAL = 64 * 1024;
const SIDE_FILE = 'whittle-weights.bin';
/** Field numbers: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data. */
const GRAPH = 7;
const INITIALIZER = 5;
const RAW_DATA = 9;
const MODEL = -1;

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
 * reference to one more side file, made of slices of the model's own files: nothing is read or
 * copied. Side files of anything else, such as weights of If branches, move into the graph, as
 * runtimes on the web find none of them (ONNX Runtime Web 1.30). Everything else stays as it is,
 * byte for byte, side files of the main graph included.
 */
export function externalize(model: OnnxModel, minBytes = LEAST_EXTERNAL): Externalized {
  const [graphFile] = model.files;
  assert(graphFile, `${model.name} has a file`);
  const { frames, embedded, external } = model.wire;
  const movedOut = embedded.filter(({ payload }) => lengthOf(payload) >= minBytes);
  const movedIn = external.filter((tensor) => !isInMainGraph(model, tensor));
  const externalFiles = sideFilesOf(model, new Set(movedIn));
  if (movedOut.length + movedIn.length === 0) return sized(graphFile.blob, externalFiles);

  const location = freeName(externalFiles.map(({ path }) => path));
  const slices: Blob[] = [];
  const changes = movedIn.flatMap((tensor): Change[] => {
    const { payload } = tensor;
    const header = encode((writer) => writer.header(RAW_DATA, lengthOf(payload)));
    return replacePayload(model, tensor, [
      { kind: 'bytes', bytes: header },
      { kind: 'copy', range: payload },
    ]);
  });
  let offset = 0;
  for (const tensor of movedOut) {
    const { start, end } = tensor.payload;
    const length = end - start;
    const reference = encode((writer) => writeReference(writer, { location, offset, length }));
    changes.push(...replacePayload(model, tensor, [{ kind: 'bytes', bytes: reference }]));
    slices.push(graphFile.blob.slice(start, end));
    offset += length;
  }
  const parts = rewrite(frames, graphFile.blob.size, changes);
  const graph = new Blob(parts.map((part) => contentOf(part, model)));
  const more = slices.length > 0 ? [{ path: location, blob: new Blob(slices) }] : [];
  return sized(graph, [...externalFiles, ...more]);
}

const lengthOf = ({ start, end }: ByteRange): number => end - start;

/** An initializer of the main graph, neither of a body nor of a node. */
function isInMainGraph({ wire: { frames } }: OnnxModel, { frame }: ExternalTensor): boolean {
  const graph = frames[frames[frame]!.parent];
  return (
    graph?.parent === MODEL &&
    graph.fieldNumber === GRAPH &&
    frames[frame]!.fieldNumber === INITIALIZER
  );
}

function replacePayload(
  { wire }: OnnxModel,
  { dropped, frame }: ExternalTensor,
  parts: readonly Part[],
): Change[] {
  const { end } = wire.frames[frame]!;
  return [...dropped.map((span) => ({ ...span, parts: [] })), { frame, start: end, end, parts }];
}

const sized = (graph: Blob, externalFiles: readonly SourceFile[]): Externalized => ({
  graph,
  externalFiles,
  embeddedBytes: graph.size,
  externalBytes: externalFiles.reduce((sum, { blob }) => sum + blob.size, 0),
});

/** Those that a tensor still points at, by their paths as seen from the graph's folder. */
function sideFilesOf(model: OnnxModel, gone: ReadonlySet<ExternalTensor>): SourceFile[] {
  const { files, wire } = model;
  const folder = files[0]?.path.replace(/[^/]*$/, '') ?? '';
  const used = new Set(
    wire.external.filter((tensor) => !gone.has(tensor)).map(({ payload }) => payload.file),
  );
  return files
    .filter((_, index) => used.has(index))
    .map(({ path, blob }) => ({
      path: path.startsWith(folder) ? path.slice(folder.length) : path,
      blob,
    }));
}

function freeName(taken: readonly string[]): string {
  let name = SIDE_FILE;
  for (let count = 2; taken.includes(name); count++) name = `${count}-${SIDE_FILE}`;
  return name;
}

function contentOf(part: Part, { files }: OnnxModel): BlobPart {
  if (part.kind === 'bytes') return part.bytes;
  assert(part.kind === 'copy', 'the graph is all copies and new bytes');
  const { file, start, end } = part.range;
  const source = files[file];
  assert(source, 'every range is in a file of the model');
  return source.blob.slice(start, end);
}
