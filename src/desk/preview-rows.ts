/** Evaluation rows as a person can look at them: text, image, or what an array holds. */

import { floatsOf } from '../bench/outputs.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { FeedTensor, Rows } from '../dataset/rows.ts';
import type { ArraySummary, RowPreview } from '../report/rows.ts';
import { drawArray } from './draw-array.ts';

const MOST_AT_ONCE = 200;
const TEXT_LENGTH = 2000;

/** @throws bad-dataset for a row that there is not, or that cannot be read */
export async function previewRows(
  { evaluation }: Pick<Dataset, 'evaluation'>,
  indexes: readonly number[],
): Promise<readonly RowPreview[]> {
  const wrong = indexes.find((it) => !(Number.isInteger(it) && it >= 0 && it < evaluation.count));
  if (wrong !== undefined || indexes.length > MOST_AT_ONCE) {
    throw new StudioError(
      'bad-dataset',
      `Row ${wrong ?? indexes.length} was asked for; the data set has ${evaluation.count} rows, and ${MOST_AT_ONCE} are shown at once.`,
    );
  }
  const previews: RowPreview[] = [];
  for (const index of indexes) {
    const label = evaluation.label(index);
    previews.push({ index, label, content: await contentOf(evaluation, index) });
  }
  return previews;
}

/** null without labels on every row. */
export function labelsOf({ task, evaluation }: Pick<Dataset, 'task' | 'evaluation'>) {
  if (task === null || task === 'next-token') return null;
  return Array.from({ length: evaluation.count }, (_, row) => evaluation.label(row) ?? -1);
}

async function contentOf(rows: Rows, index: number): Promise<RowPreview['content']> {
  const picture = rows.picture?.(index);
  if (picture) return { kind: 'image', blob: picture.blob, path: picture.path, drawn: false };
  const text = rows.text(index);
  if (text !== null) return { kind: 'text', text: text.slice(0, TEXT_LENGTH) };
  const feeds = Object.entries(await rows.feeds(index));
  const [only] = feeds;
  if (only && feeds.length === 1) {
    const [path, tensor] = only;
    const blob = await drawArray(tensor);
    if (blob) return { kind: 'image', blob, path, drawn: true };
  }
  return { kind: 'arrays', arrays: feeds.map(([name, tensor]) => summarize(name, tensor)) };
}

function summarize(name: string, { dtype, dims, data }: FeedTensor): ArraySummary {
  const values = floatsOf({ dtype, dims, data }) ?? Float64Array.from(data, Number);
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  return { name, dtype, dims, low, high, mean: sum / Math.max(1, values.length) };
}
