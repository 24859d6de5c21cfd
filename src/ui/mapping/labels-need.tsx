import type { DataMapping, MappingNeed } from '../../report/data-mapping.ts';
import { formatCount } from '../../report/format.ts';
import { matchedBy } from '../../report/label-answers.ts';
import { useSession } from '../studio-context.tsx';
import { answersNote } from './label-words.ts';
import { MatchRow } from './match-row.tsx';

interface Props {
  readonly need: Extract<MappingNeed, { kind: 'labels' }>;
  readonly draft: DataMapping;
  readonly onChange: (fields: Partial<DataMapping>) => void;
}

/** Which class of the model each label value is. */
export function LabelsNeed({ need, draft, onChange }: Props) {
  const names = need.classes;
  const asking = useSession((session) => session.labelAsking);
  const answers = asking.status === 'ready' ? asking.answers : [];
  if (names.length === 0) {
    return <p className="s12 t2">The model’s classes are not known: add its config.json.</p>;
  }
  const choices = names.map((name, index) => ({
    value: String(index),
    label: new Set(names).size === names.length ? name : `${name} (${index})`,
  }));
  return (
    <div className="matches">
      {need.values.map(({ value, row, count }) => {
        const own = answers.find((it) => it.value === value);
        return (
          <MatchRow
            key={value}
            name={value}
            detail={`${formatCount(count)} ${count === 1 ? 'row' : 'rows'}, the first is row ${formatCount(row)}`}
            label={`Class of ${value}`}
            value={indexOf(draft, value)?.toString()}
            choices={choices}
            onChange={(index) => onChange({ labels: { ...draft.labels, [value]: Number(index) } })}
            {...(own && { note: answersNote(own, names, indexOf(draft, value)) })}
          />
        );
      })}
      <Match {...{ need, draft, onChange }} />
    </div>
  );
}

const OTHER_WAY =
  'Not sure which is which? Choose one way: the other way round the original’s accuracy comes out below guessing, which is then said here, and you match again.';

/** What the original says to a few rows of each label; chosen only where the person takes it. */
function Match({ need, draft, onChange }: Props) {
  const asking = useSession((session) => session.labelAsking);
  const busy = useSession(({ job }) => job.status === 'running');
  const words = {
    none: busy
      ? 'When the job has ended, the original is asked what it answers to these rows.'
      : '',
    asking: 'Asking the original what it answers to these rows.',
    ready: 'What the original answers is measured on a few rows, and nothing is chosen by it.',
    failed:
      asking.status === 'failed' ? `The original was not asked: ${asking.failure.message}` : '',
  }[asking.status];
  const match = asking.status === 'ready' ? matchedBy(need, asking.answers) : null;
  const unsure =
    need.values.length > 1 && (asking.status === 'failed' || (asking.status === 'ready' && !match));
  const taken =
    match && Object.entries(match).every(([value, index]) => indexOf(draft, value) === index);
  return (
    <div className="row wrap">
      <span className="s11 t3 grow" role="status">
        {words}
        {unsure && ` ${OTHER_WAY}`}
      </span>
      {match && (
        <button
          type="button"
          className="btn"
          aria-disabled={taken === true}
          onClick={() => onChange({ labels: { ...draft.labels, ...match } })}
        >
          Use this match
        </button>
      )}
    </div>
  );
}

const indexOf = ({ labels }: DataMapping, value: string): number | undefined =>
  Object.hasOwn(labels, value) ? labels[value] : undefined;
