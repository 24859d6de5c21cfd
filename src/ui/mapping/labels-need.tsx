import type { DataMapping, MappingNeed } from '../../report/data-mapping.ts';
import { formatCount } from '../../report/format.ts';
import { MatchRow } from './match-row.tsx';

interface Props {
  readonly need: Extract<MappingNeed, { kind: 'labels' }>;
  readonly draft: DataMapping;
  readonly onChange: (fields: Partial<DataMapping>) => void;
}

/** Which class of the model each label value is. */
export function LabelsNeed({ need, draft, onChange }: Props) {
  const names = need.classes;
  if (names.length === 0) {
    return <p className="s12 t2">The model’s classes are not known: add its config.json.</p>;
  }
  const choices = names.map((name, index) => ({
    value: String(index),
    label: new Set(names).size === names.length ? name : `${name} (${index})`,
  }));
  return (
    <div className="matches">
      {need.values.map(({ value, row, count }) => (
        <MatchRow
          key={value}
          name={value}
          detail={`${formatCount(count)} ${count === 1 ? 'row' : 'rows'}, the first is row ${formatCount(row)}`}
          label={`Class of ${value}`}
          value={indexOf(draft, value)}
          choices={choices}
          onChange={(index) => onChange({ labels: { ...draft.labels, [value]: Number(index) } })}
        />
      ))}
      {need.values.length > 1 && (
        <p className="s11 t2">
          Not sure which is which? Choose one way: the other way round the original’s accuracy comes
          out below guessing, which is then said here, and you match again.
        </p>
      )}
    </div>
  );
}

const indexOf = ({ labels }: DataMapping, value: string): string | undefined =>
  Object.hasOwn(labels, value) ? String(labels[value]) : undefined;
