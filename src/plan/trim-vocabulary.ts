/**
 * A model whose tables of embeddings have only the rows that a tokenizer with fewer tokens looks up.
 * It is written and opened again, so that everything else is planned on it as on any other.
 */
import { FreshNames } from '../encoders/encode-context.ts';
import { intOf } from '../encoders/lower.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { readTensor } from '../formats/onnx/read-tensor.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { payloadKey } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { Node, SourceFile } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { GraphDrafts } from './graph-drafts.ts';

/** What texts say of the tokens that a model needs. */
export interface TokenSource {
  readonly textCount: number;
  /** The graph input that takes token ids. */
  readonly idsInput: string;
  /** Ids that stay, ascending, and the files that name them by their new numbers. */
  readonly trimmed: () => Promise<{
    readonly kept: readonly number[];
    readonly files: readonly SourceFile[];
  }>;
}

export interface TrimmedTable {
  readonly name: string;
  readonly rowsBefore: number;
  readonly bytesBefore: number;
}

export interface TrimmedModel {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
  readonly tables: readonly TrimmedTable[];
  /** Rows that stay. */
  readonly rows: number;
  readonly textCount: number;
  /** What goes with the model: its tokenizer, and what names ids. */
  readonly files: readonly SourceFile[];
}

export type TrimResult = TrimmedModel | { readonly refused: string };

/** The step that trims the vocabulary, by its index; null if none does. */
export function vocabularyStep({ steps }: Recipe): number | null {
  const index = steps.findIndex(
    ({ technique, enabled }) => technique === 'vocabulary' && enabled !== false,
  );
  return index < 0 ? null : index;
}

const known = new WeakMap<TokenSource, Promise<TrimResult>>();

/**
 * Made once for the texts that are open.
 * @param tokens undefined where the rows are no texts
 * @throws bad-tokenizer; what reading the model throws
 */
export function trimVocabulary(
  model: OnnxModel,
  weights: readonly Weight[],
  tokens: TokenSource | undefined,
): Promise<TrimResult> {
  if (!tokens) return Promise.resolve({ refused: NO_TEXTS });
  if (tokens.textCount === 0) return Promise.resolve({ refused: NO_CORPUS });
  let result = known.get(tokens);
  if (!result) {
    result = trim(model, weights, tokens);
    known.set(tokens, result);
    result.catch(() => known.delete(tokens));
  }
  return result;
}

const NO_TEXTS =
  'It needs a table of texts and the tokenizer.json of a model that classifies or embeds them';
const NO_CORPUS =
  'No texts say which tokens are needed: rows that are measured do not. Drop texts named train or calib';

async function trim(
  model: OnnxModel,
  weights: readonly Weight[],
  tokens: TokenSource,
): Promise<TrimResult> {
  const found = tablesOf(model, weights, tokens.idsInput);
  if ('refused' in found) return found;
  const { kept, files } = await tokens.trimmed();
  const rows = kept.length;
  const short = found.tables.find(({ tensor }) => (tensor.dims[0] ?? 0) <= (kept.at(-1) ?? 0));
  if (short) return { refused: `${short.label} has fewer rows than the tokenizer has tokens` };
  if (found.tables.every(({ tensor }) => tensor.dims[0] === rows)) {
    return { refused: 'Every token is used or a single character' };
  }
  const drafts = new GraphDrafts(model, new FreshNames(model));
  const payloads = new Map<string, Blob>();
  for (const table of found.tables) {
    const { name, dtype, dims } = table.tensor;
    const spec = { name, key: `trimmed\n${name}`, dtype, dims: [rows, ...dims.slice(1)] };
    drafts.removeConstant(table);
    drafts.add(MAIN_GRAPH, [spec], []);
    payloads.set(payloadKey(spec), await rowsOf(model, table, kept));
  }
  const written = writeOnnx(model, layoutOnnx(model, drafts.edit()), payloads);
  const trimmed = await openOnnx(written);
  return {
    model: trimmed,
    weights: findWeights(trimmed),
    tables: found.tables.map(({ name, tensor }) => ({
      name,
      rowsBefore: tensor.dims[0] ?? 0,
      bytesBefore: tensor.storedByteLength,
    })),
    ...{ rows, files, textCount: tokens.textCount },
  };
}

/** The rows that stay, one behind the other. */
async function rowsOf(
  model: OnnxModel,
  { tensor }: Weight,
  kept: readonly number[],
): Promise<Blob> {
  const bytes = await readTensor(model, tensor);
  const width = bytes.length / (tensor.dims[0] ?? 1);
  const rows = new Uint8Array(kept.length * width);
  for (const [to, from] of kept.entries()) {
    rows.set(bytes.subarray(from * width, (from + 1) * width), to * width);
  }
  return new Blob([rows]);
}

/** Operators whose output holds the same ids as their first input, or only their count. */
const CARRIES: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'Reshape', 'Unsqueeze', 'Squeeze', 'Flatten'],
]);
const COUNTS: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Tables that ids are looked up in and nothing else uses; why not, if ids are used otherwise. */
function tablesOf(
  { graph }: OnnxModel,
  weights: readonly Weight[],
  idsInput: string,
): { readonly tables: readonly Weight[] } | { readonly refused: string } {
  const ids = new Set([idsInput]);
  const lookups = new Set<number>();
  for (const node of graph.nodes) {
    const [first = ''] = node.inputs;
    if (usesInBody(node, ids)) return { refused: `${node.op} reads the token ids in its body` };
    if (!node.inputs.some((input) => ids.has(input))) continue;
    if (COUNTS.has(node.op)) continue;
    if (CARRIES.has(node.op) && ids.has(first)) {
      for (const output of node.outputs) ids.add(output);
    } else if (node.op === 'Gather' && !ids.has(first) && intOf(node, 'axis', 0) === 0) {
      lookups.add(node.index);
    } else {
      return { refused: `${node.op} reads the token ids themselves, which are others then` };
    }
  }
  if (graph.outputs.some(({ name }) => ids.has(name))) {
    return { refused: 'The model gives the token ids back' };
  }
  const isLookup = ({ graph: id, nodeIndex }: Weight['uses'][number]) =>
    id === MAIN_GRAPH && lookups.has(nodeIndex);
  const tables = weights.filter(({ uses }) => uses.some(isLookup));
  for (const { label, uses, isGraphInput, isGraphOutput, tensor } of tables) {
    const other = uses.find((use) => !isLookup(use) || use.inputIndex !== 0 || use.permutation);
    if (other) return { refused: `${label} is also used by ${other.op}: its rows stay` };
    if (isGraphInput || isGraphOutput) return { refused: `${label} can be seen from outside` };
    if (tensor.payload.kind === 'sparse') return { refused: `${label} is stored sparse` };
  }
  const found = tables.flatMap(({ uses }) => uses.map(({ nodeIndex }) => nodeIndex));
  if (tables.length === 0 || new Set(found).size < lookups.size) {
    return { refused: 'The token ids are looked up in no table of weights' };
  }
  return { tables };
}

const usesInBody = ({ subgraphs }: Node, ids: ReadonlySet<string>): boolean =>
  subgraphs.some(({ nodes }) =>
    nodes.some((node) => node.inputs.some((input) => ids.has(input)) || usesInBody(node, ids)),
  );
