/**
 * Regular expressions of tokenizers that may run for ever. They need look-ahead and Unicode classes,
 * so they cannot run as automata like those of recipes; what is refused here is the shapes that
 * make a backtracking engine take exponential or high polynomial time. No published tokenizer that
 * we know has one.
 */
import { objectOf } from './config.ts';

/** Repetitions one after another in one alternative; time grows with this power of the text. */
const REPETITIONS = 3;
const LONGEST_PATTERN = 10_000;
/** `{0,9}` is a choice of ten, more counts as without limit. */
const FEW = 9;

/** The first pattern in `value`, a part of a tokenizer.json, that may run for ever; else null. */
export function findRiskyPattern(value: unknown): string | null {
  const parts = [value];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const pattern = objectOf(part)?.['Regex'];
    if (typeof pattern === 'string' && isRisky(pattern)) return pattern;
    if (typeof part !== 'object' || part === null) continue;
    for (const inner of Object.values(part)) if (inner !== undefined) parts.push(inner);
  }
  return null;
}

interface Group {
  /** It matches texts of several lengths, or one text in several ways. */
  varies: boolean;
  repetitions: number;
  mostRepetitions: number;
}

const newGroup = (): Group => ({ varies: false, repetitions: 0, mostRepetitions: 0 });

const ESCAPE = /\\(?:[pPux]\{[^}]*\}|.)/sy;
const CLASS = /\[(?:\\.|[^\]\\])*\]/sy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,)?(\d*)\})[?+]?/y;
const OPENING = /\((?:\?(?:[a-z-]*:|<?[=!]|<\w+>))?/y;

/** Repeats of what varies itself, many repeats in a row, or too long to tell. Unbalanced patterns are left to others. */
export function isRisky(source: string): boolean {
  if (source.length > LONGEST_PATTERN) return true;
  const outer: Group[] = [];
  let group = newGroup();
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < source.length) {
    let closed: Group | null = null;
    if (take(OPENING)) {
      outer.push(group);
      group = newGroup();
      continue;
    }
    if (source[at] === '|') {
      group.varies = true;
      group.repetitions = 0;
      at++;
      continue;
    }
    if (source[at] === ')') {
      closed = group;
      group = outer.pop() ?? newGroup();
      at++;
    } else if (!take(ESCAPE) && !take(CLASS)) at++;
    const quantifier = take(QUANTIFIER);
    const isLong = quantifier !== null && isUnlimited(quantifier);
    if (closed?.varies && isLong) return true;
    group.varies ||= (closed?.varies ?? false) || (quantifier !== null && variesBy(quantifier));
    group.repetitions += (closed?.mostRepetitions ?? 0) + (isLong ? 1 : 0);
    group.mostRepetitions = Math.max(group.mostRepetitions, group.repetitions);
    if (group.mostRepetitions > REPETITIONS) return true;
  }
  return false;
}

function isUnlimited([text, least, comma, most]: RegExpExecArray): boolean {
  if (least === undefined) return !text.startsWith('?');
  if (comma === undefined) return Number(least) > FEW;
  return most === '' || Number(most) > FEW;
}

const variesBy = ([, least, comma, most]: RegExpExecArray): boolean =>
  least === undefined || (comma !== undefined && most !== least);
