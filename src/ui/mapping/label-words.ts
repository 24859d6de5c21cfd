/** What the original answers to rows of a label, beside the class that is chosen for it. */
import { formatCount } from '../../report/format.ts';
import type { LabelAnswers } from '../../report/label-answers.ts';

interface Note {
  readonly words: string;
  readonly doubt: boolean;
}

/**
 * - `chosen` — index of the class that is chosen; undefined without a choice
 * @returns "The original answers class 0 for 7 of 8 of these rows."
 */
export function answersNote(
  { rows, classes }: LabelAnswers,
  names: readonly string[],
  chosen: number | undefined,
): Note {
  if (rows === 0) return { words: 'No row with it is scored.', doubt: false };
  const of = `${formatCount(rows)} such ${rows === 1 ? 'row' : 'rows'}`;
  const named = classes
    .slice(0, 3)
    .map(({ index, count }) => `${names[index] ?? `class ${index}`} for ${formatCount(count)}`);
  const [top] = classes;
  if (!top) return { words: `The original answers none of ${of}.`, doubt: false };
  const doubt = chosen !== undefined && chosen !== top.index && top.count * 2 > rows;
  const other = doubt ? ': not what is chosen' : '';
  return { words: `Of ${of} the original answers ${named.join(', ')}${other}.`, doubt };
}
