import type { DataMapping, MappingNeed } from '../../report/data-mapping.ts';
import { ColumnsNeed } from './columns-need.tsx';
import { LabelsNeed } from './labels-need.tsx';
import { MatchRow } from './match-row.tsx';

interface Props {
  readonly need: MappingNeed;
  readonly draft: DataMapping;
  readonly onChange: (fields: Partial<DataMapping>) => void;
}

/** What there is to choose for one thing that names did not match. */
export function NeedFields({ need, draft, onChange }: Props) {
  switch (need.kind) {
    case 'columns':
      return <ColumnsNeed {...{ need, draft, onChange }} />;
    case 'labels':
      return <LabelsNeed {...{ need, draft, onChange }} />;
    case 'inputs':
      return (
        <div className="matches">
          {need.inputs.map(({ name, type }) => (
            <MatchRow
              key={name}
              name={name}
              detail={type}
              label={`Array for ${name}`}
              value={Object.hasOwn(draft.inputs, name) ? draft.inputs[name] : undefined}
              choices={need.arrays.map((it) => ({
                value: it.name,
                label: `${it.name}, ${it.type}`,
              }))}
              onChange={(array) => onChange({ inputs: { ...draft.inputs, [name]: array } })}
            />
          ))}
        </div>
      );
    case 'output':
      return (
        <div className="matches">
          <MatchRow
            name="Answer"
            label="Output that answers"
            value={draft.output ?? undefined}
            choices={need.outputs.map((it) => ({
              value: it.name,
              label: `${it.name}, ${it.type}`,
            }))}
            onChange={(output) => onChange({ output })}
          />
        </div>
      );
  }
}
