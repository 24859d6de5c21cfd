/** What the original answers to rows with each label of a person's data, before names are matched. */
import type { MappingNeed } from './data-mapping.ts';

export interface LabelAnswers {
  /** The label as the file has it. */
  readonly value: string;
  /** Rows with it that the original was run on; 0 if none of them is measured with. */
  readonly rows: number;
  /** How many of these rows each class was answered for, the most frequent first. */
  readonly classes: readonly { readonly index: number; readonly count: number }[];
}

/** Rows in all at most, and of each label. */
const ROWS = 32;
const ROWS_EACH = 8;

/** How many rows of each of `values` labels are asked, and of how many labels. */
export const askedRows = (values: number): { readonly each: number; readonly values: number } => ({
  each: Math.max(1, Math.min(ROWS_EACH, Math.floor(ROWS / Math.max(1, values)))),
  values: Math.min(values, ROWS),
});

/** Counts of equal answers, −1 being none. */
export function labelAnswers(value: string, answers: readonly number[]): LabelAnswers {
  const counts = new Map<number, number>();
  for (const index of answers) if (index >= 0) counts.set(index, (counts.get(index) ?? 0) + 1);
  const classes = [...counts]
    .map(([index, count]) => ({ index, count }))
    .sort((a, b) => b.count - a.count || a.index - b.index);
  return { value, rows: answers.length, classes };
}

/**
 * The class of every label, where the original gives one to more than half of its rows and each
 * label another; null if it does not tell.
 */
export function matchedBy(
  { values, classes }: Extract<MappingNeed, { kind: 'labels' }>,
  answers: readonly LabelAnswers[],
): Readonly<Record<string, number>> | null {
  const found = values.map(({ value }) => {
    const asked = answers.find((it) => it.value === value);
    const [top] = asked?.classes ?? [];
    return asked && top && top.index < classes.length && top.count * 2 > asked.rows
      ? ([value, top.index] as const)
      : null;
  });
  const sure = found.filter((it) => it !== null);
  const distinct = new Set(sure.map(([, index]) => index)).size === sure.length;
  return sure.length === values.length && distinct ? Object.fromEntries(sure) : null;
}
