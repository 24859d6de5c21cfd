import type { ContinuedToken, Reading } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { shareRows } from './answer-words.ts';
import { ShareTable } from './share-table.tsx';

interface Props {
  readonly runs: readonly Run[];
  /** One a run; null where it has ended before. */
  readonly tokens: readonly (ContinuedToken | null)[];
}

/** What each model held likely at one place, and what it took. */
export function NextTokens({ runs, tokens }: Props) {
  const readings = tokens.map(
    (it): Reading | null =>
      it && { kind: 'next-token', choices: it.choices, of: Number.POSITIVE_INFINITY },
  );
  return (
    <ShareTable
      name="Next token probabilities"
      rowsAre="Token"
      kind="next-token"
      runs={runs}
      rows={shareRows(readings)}
      tops={tokens.map((it) => (it ? [it.id] : []))}
    />
  );
}
