/**
 * A model whose tables have only what a tokenizer with fewer tokens needs: rows that are looked up
 * and, where tokens are predicted, columns of what gives them logits. It is written and opened again,
 * so that everything else is planned on it as on any other.
 */
import { elementCount } from '../../core/shape.ts';
import { StudioError } from '../../core/studio-error.ts';
import { FreshNames } from '../../encoders/encode-context.ts';
import { layoutOnnx } from '../../formats/onnx/layout.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { openOnnx } from '../../formats/onnx/open.ts';
import { readTensor } from '../../formats/onnx/read-tensor.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { payloadKey } from '../../model/edit.ts';
import { findWeights } from '../../model/find-weights.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import type { SourceFile } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { GraphDrafts } from '../graph-drafts.ts';
import { type Refusal, type TokenSlices, vocabularyAxes } from './vocabulary-axes.ts';

/** What texts say of the tokens that a model needs. */
export interface TokenSource {
  readonly textCount: number;
  readonly textUnit: 'texts' | 'windows of text';
  /** The graph input that takes token ids. */
  readonly idsInput: string;
  /** The graph output that has a logit for each token; null where answers are no tokens. */
  readonly tokensOutput: string | null;
  /** Ids that stay, ascending, and the files that name them by their new numbers. */
  readonly trimmed: () => Promise<{
    readonly kept: readonly number[];
    readonly files: readonly SourceFile[];
  }>;
  /** Rejects with bad-tokenizer where rows cannot be split for a model with these files. */
  readonly reopen: (files: readonly SourceFile[], model: OnnxModel) => Promise<unknown>;
}

export interface TrimmedTable {
  readonly name: string;
  /** Tokens that it had something for: rows that are looked up, or columns. */
  readonly tokensBefore: number;
  readonly bytesBefore: number;
}

export interface TrimmedModel {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
  readonly tables: readonly TrimmedTable[];
  /** Tokens that stay. */
  readonly tokenCount: number;
  /** Which texts they are those of. */
  readonly source: Pick<TokenSource, 'textCount' | 'textUnit'>;
  /** What goes with the model: its tokenizer, and what names ids. */
  readonly files: readonly SourceFile[];
}

export type TrimResult = TrimmedModel | Refusal;

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
  'It needs texts (a table of them, or running text for a model that goes on with it) and the tokenizer.json of the model';
const NO_CORPUS =
  'No texts say which tokens are needed: those that are measured do not. Drop texts named train or calib';

async function trim(
  model: OnnxModel,
  weights: readonly Weight[],
  tokens: TokenSource,
): Promise<TrimResult> {
  const found = vocabularyAxes(model, weights, tokens.idsInput, tokens.tokensOutput);
  if ('refused' in found) return found;
  const { slices, logits } = found;
  const { kept, files } = await tokens.trimmed();
  const tokenCount = kept.length;
  const short = slices.find((slice) => tokensOf(slice) <= (kept.at(-1) ?? 0));
  if (short) {
    return { refused: `${short.weight.label} has fewer rows than the tokenizer has tokens` };
  }
  if (slices.every((slice) => tokensOf(slice) === tokenCount)) {
    return { refused: 'Every token is used or a single character' };
  }
  const drafts = new GraphDrafts(model, new FreshNames(model));
  const payloads = new Map<string, Blob>();
  for (const slice of slices) {
    const { name, dtype, dims } = slice.weight.tensor;
    const own = dims.with(slice.axis, tokenCount);
    const spec = { name, key: `trimmed\n${name}`, dtype, dims: own };
    drafts.removeConstant(slice.weight);
    drafts.add(MAIN_GRAPH, [spec], []);
    payloads.set(payloadKey(spec), await keptSlices(model, slice, kept));
    drafts.reshape(MAIN_GRAPH, viewsOf(model, slice));
  }
  drafts.resizeLast(MAIN_GRAPH, logits, tokenCount);
  const written = writeOnnx(model, layoutOnnx(model, drafts.edit()), payloads);
  const trimmed = await openOnnx(written);
  const unfit = await whyUnfit(tokens, files, trimmed);
  if (unfit !== null) return { refused: unfit };
  return {
    model: trimmed,
    weights: findWeights(trimmed),
    tables: slices.map((slice) => ({
      name: slice.weight.name,
      tokensBefore: tokensOf(slice),
      bytesBefore: slice.weight.tensor.storedByteLength,
    })),
    ...{ tokenCount, files, source: tokens },
  };
}

/** Why rows are none for the trimmed model; null if they are. */
async function whyUnfit(
  tokens: TokenSource,
  files: readonly SourceFile[],
  trimmed: OnnxModel,
): Promise<string | null> {
  try {
    await tokens.reopen(files, trimmed);
    return null;
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'bad-tokenizer') throw error;
    return error.message.replace(/\.$/, '');
  }
}

/** Transposes, casts and the like between a table and what uses it. */
const viewsOf = ({ graph }: OnnxModel, { weight }: TokenSlices): string[] =>
  weight.uses.flatMap(({ via }) => via.flatMap((node) => graph.nodes[node]?.outputs ?? []));

const tokensOf = ({ weight, axis }: TokenSlices): number => weight.tensor.dims[axis] ?? 0;

/** The slices that stay, row-major. */
async function keptSlices(
  model: OnnxModel,
  { weight: { tensor }, axis }: TokenSlices,
  kept: readonly number[],
): Promise<Blob> {
  const bytes = await readTensor(model, tensor);
  const outer = elementCount(tensor.dims.slice(0, axis));
  const count = tensor.dims[axis] ?? 1;
  const width = bytes.length / outer / count;
  const slices = new Uint8Array(outer * kept.length * width);
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const token of kept) {
      const from = (row * count + token) * width;
      for (let at = 0; at < width; at++) slices[to + at] = bytes[from + at] ?? 0;
      to += width;
    }
  }
  return new Blob([slices]);
}
