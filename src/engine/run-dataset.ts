/** The rows of a run: the original's, or the same ones split by the tokenizer that goes with it. */
import { assert } from '../core/assert.ts';
import type { Dataset } from '../dataset/opening.ts';
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
