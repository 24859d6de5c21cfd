import { useEffect, useState } from 'react';
import { runA, runB } from '../../../state/compare.ts';
import { loadLabels } from '../../../state/look-at-rows.ts';
import { Segmented } from '../../segmented.tsx';
import { useSession, useStudio } from '../../studio-context.tsx';
import { CompareHead } from '../compare/compare-head.tsx';
import { ConfusionView } from './confusion-view.tsx';
import { RowsList } from './rows-list.tsx';
import { ScoresList } from './scores-list.tsx';

type View = 'list' | 'matrix';

const VIEWS = [
  { value: 'list', label: 'List' },
  { value: 'matrix', label: 'Confusion matrix' },
] as const;

/** The rows behind the figures: which A and B answer differently, and what is taken for what. */
export function RowsTab() {
  const studio = useStudio();
  const a = useSession(runA);
  const b = useSession(runB);
  const labels = useSession(({ rowViews }) => rowViews.labels);
  const filter = useSession(({ rowViews }) => rowViews.filter);
  const metric = useSession(({ dataset }) => dataset.metric);
  const [chosen, setChosen] = useState<View>('list');
  const unread = labels.status === 'none';
  useEffect(() => {
    if (unread) void loadLabels(studio);
  }, [studio, unread]);
  if (!b) return null;
  const values = labels.status === 'ready' ? labels.labels : null;
  if (!b.answers && b.rowScores) {
    return (
      <>
        {a && <CompareHead {...{ a, b }} />}
        {labels.status === 'failed' && <p className="pad s12 bad">{labels.failure.message}</p>}
        <ScoresList a={a?.rowScores ?? null} b={b.rowScores} labels={values} />
      </>
    );
  }
  if (!b.answers && !a?.answers) {
    return <p className="pad s12 t3">{noAnswers(b.measurements.length > 0, metric !== null)}</p>;
  }
  const sources = { a: a?.answers ?? null, b: b.answers, labels: values };
  return (
    <>
      {a && <CompareHead {...{ a, b }} />}
      <div className="rows-views">
        <Segmented name="Rows as" choices={VIEWS} value={chosen} onChange={setChosen} small />
      </div>
      {labels.status === 'failed' && <p className="pad s12 bad">{labels.failure.message}</p>}
      {chosen === 'list' ? (
        <RowsList {...{ sources, filter }} />
      ) : (
        <ConfusionView sources={sources} onList={() => setChosen('list')} />
      )}
    </>
  );
}

function noAnswers(measured: boolean, scored: boolean): string {
  if (!measured) return 'Not measured yet: after a benchmark, rows and answers are here.';
  return scored
    ? 'Rows of this data have no single answer each, so there is none to list.'
    : 'No labels, and no answer a row: only fidelity was measured.';
}
