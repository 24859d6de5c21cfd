/** Runs the original on a few rows of each label that is no class of it. */
import { answersIn } from '../bench/read-row.ts';
import type { Dataset } from '../dataset/opening.ts';
import { askedRows, type LabelAnswers, labelAnswers } from '../report/label-answers.ts';
import type { Subject } from './subjects.ts';

/**
 * - `values` — labels as the file has them
 * @throws AbortError if `signal` is aborted; what rows and sessions throw
 */
export async function askLabels(
  { evaluation, readout }: Pick<Dataset, 'evaluation' | 'readout'>,
  values: readonly string[],
  subject: Subject,
  signal: AbortSignal,
): Promise<readonly LabelAnswers[]> {
  const wanted = askedRows(values.length);
  const places = new Map(values.slice(0, wanted.values).map((it): [string, number[]] => [it, []]));
  for (let index = 0; index < evaluation.count; index++) {
    const rows = places.get(evaluation.written?.(index) ?? '');
    if (rows && rows.length < wanted.each) rows.push(index);
  }
  const asked: LabelAnswers[] = [];
  for (const [value, rows] of places) {
    const answers: number[] = [];
    for (const index of rows) {
      signal.throwIfAborted();
      const { ran } = await subject.run([await evaluation.feeds(index)]);
      const given = ran.outputs.flatMap((outputs) => [...answersIn(outputs, readout)]);
      answers.push(given.length === 1 ? (given[0] ?? -1) : -1);
    }
    asked.push(labelAnswers(value, answers));
  }
  return asked;
}
