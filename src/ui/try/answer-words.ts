/** What answers come to in words: against the original's, and as they are read aloud. */
import {
  formatCosine,
  formatDims,
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

/** From this share on a label that stands for itself is given. */
const GIVEN = 0.5;

/** What the model answers: one choice, or every label that it gives. */
export function given(reading: Reading): readonly Choice[] {
  if (reading.kind === 'classes' && !reading.exclusive) {
    return reading.choices.filter(({ share }) => share >= GIVEN);
  }
  const top = topOf(reading);
  return top ? [top] : [];
}

/** "positive 98.2 %", "3.41", "cosine 0.91200". */
export function answerWords(answer: ModelAnswer): string {
  if ('failure' in answer) return answer.failure;
  const { reading } = answer;
  switch (reading.kind) {
    case 'classes':
    case 'next-token': {
      const top = topOf(reading);
      if (top && reading.kind === 'classes' && !reading.exclusive) return labelWords(reading);
      return top ? `${choiceWords(reading, top)} ${formatPercent(top.share)}` : 'no number (NaN)';
    }
    case 'number':
      return formatNumber(reading.value, 3);
    case 'similarity':
      return `cosine ${formatCosine(reading.cosine)}`;
    case 'outputs':
      return outputWords(reading);
  }
}

const NAMED = 3;

/** "anger 80.9 %, fear 99.5 % and 2 more". */
function labelWords(reading: Reading): string {
  const labels = given(reading);
  if (labels.length === 0) return 'no label reaches 50 %';
  const named = labels
    .slice(0, NAMED)
    .map(({ label, share }) => `${label} ${formatPercent(share)}`);
  const more = labels.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** "1 × 7 × 64"; of several their count. */
function outputWords({ outputs }: Extract<Reading, { kind: 'outputs' }>): string {
  const [only] = outputs;
  return only && outputs.length === 1 ? formatDims(only.dims) : `${outputs.length} outputs`;
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
  if (after && a.kind === 'classes' && b.kind === 'classes' && !a.exclusive) {
    return labelDifference(a, b);
  }
  if (!after) return 'no number (NaN)';
  if (before.index !== after.index) return `instead of ${choiceWords(a, before)}`;
  return `same, ${formatPoints(after.share - before.share)}`;
}

/** "without love, with fear"; "same labels, at most 2.2 pt apart". */
function labelDifference(a: Classes, b: Classes): string {
  const [lost, won] = [missing(a, b), missing(b, a)];
  const names = (labels: readonly Choice[]) => labels.map(({ label }) => label).join(', ');
  if (lost.length > 0 || won.length > 0) {
    return [lost.length > 0 && `without ${names(lost)}`, won.length > 0 && `with ${names(won)}`]
      .filter(Boolean)
      .join(', ');
  }
  const most = a.choices.reduce((largest, { index, share }) => {
    const other = b.choices.find((it) => it.index === index);
    return other ? Math.max(largest, Math.abs(other.share - share)) : largest;
  }, 0);
  return `same labels, at most ${formatNumber(most * 100, 1)} pt apart`;
}

type Classes = Extract<Reading, { kind: 'classes' }>;

/** Labels that `a` gives and `b` does not. */
function missing(a: Reading, b: Reading): readonly Choice[] {
  const others = given(b);
  return given(a).filter(({ index }) => !others.some((it) => it.index === index));
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
  if (topOf(original.reading) === null) return false;
  const [a, b] = [original.reading, run.reading];
  return missing(a, b).length > 0 || missing(b, a).length > 0;
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
      for (const choice of reading ? given(reading) : []) {
        if (!shown.has(choice.index)) shown.set(choice.index, choice);
      }
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
