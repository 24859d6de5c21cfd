import type { ColumnRole, DataMapping, MappingNeed } from '../../report/data-mapping.ts';
import { MatchRow } from './match-row.tsx';

interface Props {
  readonly need: Extract<MappingNeed, { kind: 'columns' }>;
  readonly draft: DataMapping;
  readonly onChange: (fields: Partial<DataMapping>) => void;
}

const ROLES: Readonly<Record<ColumnRole, { readonly name: string; readonly none?: string }>> = {
  text: { name: 'Text' },
  textPair: { name: 'Second text' },
  label: { name: 'Label', none: 'none: fidelity only' },
};

/** The first rows of the table, and which of its columns is what. */
export function ColumnsNeed({ need, draft, onChange }: Props) {
  const choices = need.columns.map((name) => ({ value: name, label: name }));
  const without = (role: ColumnRole) => {
    const { [role]: _, ...columns } = draft.columns;
    return { columns };
  };
  return (
    <>
      <div className="preview">
        <table aria-label={`First rows of ${need.file}`}>
          <thead>
            <tr>
              {need.columns.map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {need.examples.map((fields) => (
              <tr key={fields.join('\u0000')}>
                {need.columns.map((name, index) => (
                  <td key={name}>{fields[index]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="matches">
        {need.missing.map((role) => {
          const { name, none } = ROLES[role];
          return (
            <MatchRow
              key={role}
              name={name}
              label={`Column for ${name.toLowerCase()}`}
              value={draft.columns[role]}
              choices={choices}
              onChange={(column) => onChange({ columns: { ...draft.columns, [role]: column } })}
              {...(none !== undefined && { none, onNone: () => onChange(without(role)) })}
            />
          );
        })}
      </div>
    </>
  );
}
