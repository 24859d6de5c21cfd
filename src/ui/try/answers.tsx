import { formatDims } from '../../report/format.ts';
import type { ModelAnswer, Reading } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { useSession } from '../studio-context.tsx';
import { answerWords, differenceWords, differs, given, shareRows } from './answer-words.ts';
import { ShareTable } from './share-table.tsx';
import { TimingNote, TimingRows } from './timing.tsx';
import { useTriedRuns } from './use-tried-runs.ts';

/** What the original and its runs say to the input, side by side. */
export function Answers() {
  const runs = useTriedRuns();
  const answers = useSession(({ trying }) => trying.answers);
  const failure = useSession(({ trying }) => trying.failure);
  const stale = useSession(
    ({ trying: { answers: shown, input, backend } }) =>
      shown !== null && (shown.input !== input || shown.backend !== backend),
  );
  if (failure) {
    return (
      <p className="try-answers s12 bad" role="alert">
        {failure.message}
      </p>
    );
  }
  if (!answers) return <Nothing />;
  const all = runs.map(({ id }) => answers.byRun.get(id));
  const readings = all.map((it) => (it && 'reading' in it ? it.reading : null));
  const rows = shareRows(readings);
  const kind = readings.find((it) => it !== null)?.kind ?? 'classes';
  const tops = readings.map((it) => (it ? given(it) : []).map(({ index }) => index));
  return (
    <div className={stale ? 'try-answers stale' : 'try-answers'} aria-busy={stale}>
      <ShareTable name="Answers" rowsAre="Answer" {...{ kind, runs, rows, tops }}>
        <tbody>
          {rows.length === 0 && <PlainAnswers runs={runs} given={all} />}
          <FailureRow runs={runs} given={all} />
        </tbody>
        <tbody>
          <DifferenceRow runs={runs} given={all} />
          <TimingRows runs={runs} />
        </tbody>
      </ShareTable>
      <TimingNote runs={runs} />
      {readings.some((it) => it?.kind === 'classes' && !it.exclusive) && (
        <p className="s11 t3">Each label stands for itself: those of 50 % or more are given.</p>
      )}
      {runs.length === 1 && (
        <p className="s11 t3">Compress once: then its run answers beside the original.</p>
      )}
    </div>
  );
}

function Nothing() {
  const kind = useSession(({ trying }) =>
    trying.trial.status === 'ready' ? trying.trial.summary.form.kind : null,
  );
  const pairs = useSession(
    ({ trying: { trial } }) =>
      trial.status === 'ready' &&
      trial.summary.form.kind === 'text' &&
      trial.summary.form.pair === 'always',
  );
  const hasInput = useSession(({ trying }) => trying.input !== null);
  if (hasInput) return <p className="try-answers s12 t3">Answering…</p>;
  const words = {
    text: pairs ? 'Type two texts or pick a row.' : 'Type a sentence or pick a row.',
    image: 'Draw, drop an image, or pick a row.',
    continuation: 'Type how a text begins, or pick a row.',
    rows: 'Pick a row.',
  };
  return <p className="try-answers s12 t3">{kind ? words[kind] : ''}</p>;
}

interface RowProps {
  readonly runs: readonly Run[];
  readonly given: readonly (ModelAnswer | undefined)[];
}

/** Numbers, similarities, and outputs that are no answer. */
function PlainAnswers({ runs, given }: RowProps) {
  const first = given.find((it) => it && 'reading' in it);
  const reading = first && 'reading' in first ? first.reading : null;
  return (
    <>
      <tr>
        <th scope="row">{reading ? HEADS[reading.kind] : 'Answer'}</th>
        {runs.map(({ id }, index) => {
          const answer = given[index];
          return (
            <td key={id} className="num b">
              {answer && 'reading' in answer ? answerWords(answer) : ''}
            </td>
          );
        })}
      </tr>
      {reading?.kind === 'outputs' && (
        <tr>
          <td colSpan={runs.length + 1} className="wrap t3">
            {reading.outputs
              .slice(0, 8)
              .map(({ name, dims }) => `${name} ${formatDims(dims)}`)
              .join(', ')}
            . They are no answer by themselves; what counts is how close a run stays.
          </td>
        </tr>
      )}
    </>
  );
}

const HEADS: Readonly<Record<Reading['kind'], string>> = {
  classes: 'Class',
  'next-token': 'Next token',
  number: 'Value',
  similarity: 'Similarity',
  outputs: 'Outputs',
};

function FailureRow({ runs, given }: RowProps) {
  return runs.map(({ id, name }, index) => {
    const answer = given[index];
    if (!answer || !('failure' in answer)) return null;
    return (
      <tr key={id}>
        <td colSpan={runs.length + 1} className="wrap bad">
          {name}: {answer.failure}
        </td>
      </tr>
    );
  });
}

function DifferenceRow({ runs, given }: RowProps) {
  if (runs.length < 2) return null;
  const [original] = given;
  return (
    <tr className="rule">
      <th scope="row">Difference</th>
      {runs.map(({ id }, index) => {
        const run = given[index];
        const words = index === 0 ? '' : (differenceWords(original, run) ?? '');
        const other = index > 0 && differs(original, run);
        return (
          <td key={id} className={other ? 'num warn b' : 'num t2'}>
            {words}
          </td>
        );
      })}
    </tr>
  );
}
