import type { Session } from './state.ts';

type Matched = Pick<Session, 'needs' | 'mapping' | 'runs'>;

/** Fewer rows may be wrong by chance. */
const FEWEST_ROWS = 30;

/**
 * Whether the original is right less often than by guessing, on classes that were matched by hand:
 * some of them are likely the wrong way round.
 */
export function seemSwapped({ needs, mapping, runs }: Matched): boolean {
  const matched = needs.find((need) => need.kind === 'labels');
  const accuracy = runs.find(({ kind }) => kind === 'baseline')?.accuracy;
  if (mapping === null || !matched || matched.classes.length < 2 || !accuracy?.interval)
    return false;
  const { metric, interval, rows } = accuracy;
  return metric === 'accuracy' && rows >= FEWEST_ROWS && interval.high < 1 / matched.classes.length;
}
