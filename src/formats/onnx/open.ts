/**
 * Opens an ONNX model by ranges: structure is read, payloads stay in their files. Everything is
 * checked that a reader of the graph relies on; fields that are not understood are kept in place.
 */
import { isFloat } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import { StudioError } from '../../core/studio-error.ts';
import { graphsOf } from '../../model/graphs.ts';
import type { Graph, LocalFunction, Model, SourceFile, Tensor } from '../../model/model.ts';
import { checkSparse } from './check-sparse.ts';
import { readEntries } from './entries.ts';
import { ExternalFiles } from './external-data.ts';
import { delimited, intOf, mergedMessage, textOf } from './fields.ts';
import { readBytes } from './forward-reader.ts';
import { malformed } from './malformed.ts';
import type { OnnxModel } from './onnx-model.ts';
import { NO_SCOPE, orderGraph } from './order-graph.ts';
import { fileName, pickModelFile } from './pick-model-file.ts';
import { PROBE_LENGTH, probeOnnx } from './probe.ts';
import { readFunction } from './read-function.ts';
import { readGraph } from './read-graph.ts';
import { readOpsets } from './read-opsets.ts';
import { Reading } from './reading.ts';
import { mapWire } from './wire-map.ts';
import { readWireTree } from './wire-tree.ts';

/** The newest versions that these rules were checked against. */
const NEWEST_IR = 13;
const NEWEST_OPSET = 26;
/** Before it, every initializer had to be listed as an input, so being listed says nothing. */
const FIRST_IR_WITH_OVERRIDES = 4;
const SHOWN_HEAD = 32;

/**
 * @param files the model's file, its side files and any companions
 * @throws not-a-model, malformed-model, unsupported-model, missing-file, too-large
 */
export async function openOnnx(
  files: readonly SourceFile[],
  signal?: AbortSignal,
): Promise<OnnxModel> {
  const graphFile = pickModelFile(files);
  const name = fileName(graphFile.path);
  await refuseOthers(graphFile.blob, name);
  const tree = await readWireTree(graphFile.blob, name, signal);
  const sides = new ExternalFiles(graphFile, files);
  const reading = new Reading(name, sides);
  if (tree.hasGroups) {
    reading.note('groups', `${name} uses protobuf groups, long deprecated; they are kept.`);
  }
  const graphFields = mergedMessage(tree.fields, 7);
  if (!graphFields) throw malformed(name, 'holds no graph', { path: 'graph' });
  const irVersion = intOf(tree.fields, 1) ?? 0;
  const opsets = readOpsets(tree.fields, 8);
  noteVersions(irVersion, opsets, reading);
  const raw = readGraph(graphFields, 'graph', reading);
  const ordered = orderGraph(raw, NO_SCOPE, 'graph', reading);
  const { graph } = ordered;
  if (graph.nodes.length === 0) {
    reading.note('empty', `The graph of ${name} has no nodes: there is nothing to compress.`);
  }
  const functions = delimited(tree.fields, 25).map(({ fields }, index) =>
    readFunction(fields!, `functions[${index}]`, reading),
  );
  for (const { tensor, path } of reading.sparse) {
    await checkSparse({ files: sides.used }, tensor, path, name, signal);
  }
  const overridable = irVersion < FIRST_IR_WITH_OVERRIDES ? new Set<string>() : graph.overridable;
  for (const input of overridable) {
    const message = `Callers may override ${input}, which is a graph input too.`;
    reading.note('overridable', message, input);
  }
  const model: Model = {
    name,
    format: 'onnx',
    files: sides.used,
    byteLength: sides.used.reduce((sum, { blob }) => sum + blob.size, 0),
    irVersion,
    opsets,
    producer: [2, 3]
      .map((field) => textOf(tree.fields, field) ?? '')
      .join(' ')
      .trim(),
    metadata: readEntries(tree.fields, 14),
    graph: { ...graph, overridable },
    functions: functions.map(({ local }) => local),
    parameterCount: parametersOf(
      graph,
      functions.map(({ local }) => local),
    ),
    notes: reading.notes(),
  };
  const bodies = functions.map((each) => each.ordered);
  return { ...model, wire: mapWire(tree.fields, reading.external, ordered, bodies) };
}

async function refuseOthers(blob: Blob, name: string): Promise<void> {
  const head = await readBytes(blob, 0, Math.min(PROBE_LENGTH, blob.size), name);
  const { verdict, actually, headMatch = 0, remedy, facts } = probeOnnx(head, blob.size);
  if (verdict !== 'other') return;
  const shown = {
    head: [...head.subarray(0, SHOWN_HEAD)],
    headMatch: Math.min(headMatch, SHOWN_HEAD),
    ...(facts !== undefined && { facts, byteLength: blob.size }),
  };
  throw new StudioError(
    'not-a-model',
    actually
      ? `${name} is ${actually}, not ONNX. ${remedy ?? ''}`.trim()
      : `${name} is not an ONNX file. Look for the .onnx file of the model.`,
    { detail: { file: name, offset: 0, ...shown, ...(actually ? { actually } : {}) } },
  );
}

function noteVersions(
  irVersion: number,
  opsets: ReadonlyMap<string, number>,
  reading: Reading,
): void {
  const { file } = reading;
  const opset = opsets.get('');
  if (irVersion === 0) reading.note('ir', `${file} does not state its IR version.`, 'ir_version');
  if (irVersion > NEWEST_IR) {
    const message = `${file} has IR version ${irVersion}; Whittle knows up to ${NEWEST_IR}.`;
    reading.note('ir', message, 'ir_version');
  }
  if (opsets.size === 0) {
    const message = `${file} imports no operator set: its operators' versions are unknown.`;
    reading.note('opset', message, 'opset_import');
  }
  if (opset !== undefined && opset > NEWEST_OPSET) {
    const message = `${file} uses opset ${opset}; Whittle knows up to ${NEWEST_OPSET}.`;
    reading.note('opset', message, 'opset_import');
  }
}

/** Float elements stored anywhere in a model; of sparse tensors the stored ones. */
function parametersOf(graph: Graph, functions: readonly LocalFunction[]): number {
  let count = 0;
  for (const { tensors } of graphsOf({ graph, functions }).values()) {
    for (const tensor of tensors.values()) count += storedFloats(tensor);
  }
  return count;
}

const storedFloats = ({ dtype, dims, payload }: Tensor): number => {
  if (!isFloat(dtype)) return 0;
  return elementCount(payload.kind === 'sparse' ? payload.values.dims : dims);
};
