/** What answers come to in words: against the original's, and as they are read aloud. */
import {
  formatCosine,
  formatNumber,
  formatPercent,
  formatPoints,
  formatSigned,
} from '../../report/format.ts';
import type { Choice, ModelAnswer, Reading } from '../../report/trial.ts';

/** A token as it can be seen: spaces and line ends by their signs. */
export function tokenWords(text: string): string {
  if (text === '') return 'part of a character';
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

export const choiceWords = (reading: Reading, { label }: Choice): string =>
  reading.kind === 'next-token' ? tokenWords(label) : label;

/** The likeliest; null where the model gives no number, or no choice. */
export function topOf(reading: Reading): Choice | null {
  if (reading.kind !== 'classes' && reading.kind !== 'next-token') return null;
  const [top] = reading.choices;
  return top && Number.isFinite(top.share) ? top : null;
}

/** "positive 98.2 %", "3.41", "cosine 0.91200". */
export function answerWords(answer: ModelAnswer): string {
  if ('failure' in answer) return answer.failure;
  const { reading } = answer;
  switch (reading.kind) {
    case 'classes':
    case 'next-token': {
      const top = topOf(reading);
      return top ? `${choiceWords(reading, top)} ${formatPercent(top.share)}` : 'no number (NaN)';
    }
    case 'number':
      return formatNumber(reading.value, 3);
    case 'similarity':
      return `cosine ${formatCosine(reading.cosine)}`;
    case 'outputs':
      return reading.closeness
        ? `cosine ${formatCosine(reading.closeness.cosine)} to the original`
        : `${reading.outputs.length} ${reading.outputs.length === 1 ? 'output' : 'outputs'}`;
  }
}

/** A run's answer against the original's; null where one of them is missing. */
export function differenceWords(
  original: ModelAnswer | undefined,
  run: ModelAnswer | undefined,
): string | null {
  if (!original || !run || 'failure' in original || 'failure' in run) return null;
  const [a, b] = [original.reading, run.reading];
  if (a.kind === 'number' && b.kind === 'number') return formatSigned(b.value - a.value, 3);
  if (a.kind === 'similarity' && b.kind === 'similarity') {
    return formatSigned(b.cosine - a.cosine, 5);
  }
  if (b.kind === 'outputs') return closenessWords(b);
  const [before, after] = [topOf(a), topOf(b)];
  if (!before) return null;
  if (!after) return 'no number (NaN)';
  if (before.index !== after.index) return `instead of ${choiceWords(a, before)}`;
  return `same, ${formatPoints(after.share - before.share)}`;
}

function closenessWords({ closeness }: Extract<Reading, { kind: 'outputs' }>): string | null {
  if (!closeness) return null;
  const { cosine, same } = closeness;
  const positions = same ? `, ${same.count}/${same.of} the same` : '';
  return `cosine ${formatCosine(cosine)}${positions}`;
}

/** Whether a run answers something else than the original. */
export function differs(original: ModelAnswer | undefined, run: ModelAnswer | undefined): boolean {
  if (!original || !run || 'failure' in original || 'failure' in run) return false;
  const [before, after] = [topOf(original.reading), topOf(run.reading)];
  return before !== null && before.index !== after?.index;
}

/** For a screen reader: "fp32 baseline: positive 98.2 %. int4: positive 97.9 %, same, −0.3 pt." */
export function spokenAnswers(
  runs: readonly { readonly name: string; readonly answer: ModelAnswer | undefined }[],
): string {
  const [original] = runs;
  return runs
    .filter((it) => it.answer)
    .map(({ name, answer }) => {
      const words = answer ? answerWords(answer) : '';
      const difference =
        answer === original?.answer ? null : differenceWords(original?.answer, answer);
      return `${name}: ${words}${difference ? `, ${difference}` : ''}.`;
    })
    .join(' ');
}

export interface ShareRow {
  readonly index: number;
  readonly label: string;
  /** By model; null where it does not tell. */
  readonly shares: readonly (number | null)[];
  /** By model what its share is below, where it does not tell: the least that it tells. */
  readonly below: readonly (number | null)[];
}

const ROWS = 5;
const ALL_OF = 10;

/**
 * The rows of a table of choices. Few classes all have one, in their order, so that rows stay where
 * they are while a person types; of many the original's likeliest, then what others prefer.
 */
export function shareRows(readings: readonly (Reading | null)[]): readonly ShareRow[] {
  const telling = readings.map((it) =>
    it?.kind === 'classes' || it?.kind === 'next-token' ? it : null,
  );
  const first = telling.find((it) => it !== null);
  if (!first) return [];
  const all = first.kind === 'classes' && first.of <= ALL_OF;
  const shown = new Map<number, Choice>();
  if (all) {
    for (const choice of first.choices.toSorted((a, b) => a.index - b.index)) {
      shown.set(choice.index, choice);
    }
  } else {
    for (const choice of first.choices.slice(0, ROWS)) shown.set(choice.index, choice);
    for (const reading of telling) {
      const top = reading && topOf(reading);
      if (top && !shown.has(top.index)) shown.set(top.index, top);
    }
  }
  return [...shown.values()].map((choice) => ({
    index: choice.index,
    label: choiceWords(first, choice),
    shares: telling.map(
      (it) => it?.choices.find(({ index }) => index === choice.index)?.share ?? null,
    ),
    below: telling.map((it) => it?.choices.at(-1)?.share ?? null),
  }));
}

/** The share that fills a bar: of classes all, of many tokens that of the likeliest. */
export function fullShare(kind: Reading['kind'], rows: readonly ShareRow[]): number {
  if (kind !== 'next-token') return 1;
  const shares = rows.flatMap((row) => row.shares.filter((it) => it !== null));
  return Math.max(...shares.filter(Number.isFinite), 0) || 1;
}
