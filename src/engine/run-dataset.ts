/** The rows of a run: the original's, or the same ones split by the tokenizer that goes with it. */
import type { TokenLogits } from '../bench/align-outputs.ts';
import { assert } from '../core/assert.ts';
import { integers } from '../dataset/convert.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import type { SourceFile } from '../model/model.ts';

const TOKENIZER = /(^|\/)tokenizer\.json$/;

export const hasTokenizer = (files: readonly SourceFile[]): boolean =>
  files.some(({ path }) => TOKENIZER.test(path));

/**
 * - `files` — of the run; null for the original
 * @throws bad-tokenizer; what reading the rows throws
 */
export async function datasetOfRun(
  original: Dataset,
  files: readonly SourceFile[] | null,
  model: OnnxModel | null,
): Promise<Dataset> {
  if (!files || !model || !hasTokenizer(files) || !original.vocabulary) return original;
  const own = await original.vocabulary.reopen(files, model);
  assert(own.evaluation.count === original.evaluation.count, 'a run has the rows of its original');
  return own;
}

/** The output of a run with fewer tokens that has a logit for each; null where none has. */
export function tokenLogitsOf(original: Dataset, { originalIds }: Dataset): TokenLogits | null {
  const name = original.vocabulary?.tokensOutput ?? null;
  return originalIds && name !== null ? { name, originalIds } : null;
}

/**
 * The feeds of a run with fewer tokens, in the original's ids: given these the original computes what
 * the run must compute.
 */
export function inOriginalIds(feeds: Feeds, original: Dataset, { originalIds }: Dataset): Feeds {
  const name = original.vocabulary?.idsInput ?? '';
  const ids = feeds[name];
  if (!originalIds || !ids) return feeds;
  const { length } = ids.data;
  const own = Array.from({ length }, (_, at) => originalIds[Number(ids.data[at])] ?? 0);
  return { ...feeds, [name]: { ...ids, data: integers(own, ids.dtype) } };
}
