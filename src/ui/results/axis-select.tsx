import { type AxisId, isAxisId } from '../../report/chart/axes.ts';

interface Props {
  readonly name: string;
  readonly value: AxisId;
  readonly choices: readonly AxisId[];
  readonly onChange: (id: AxisId) => void;
  readonly labelOf: (id: AxisId) => string;
}

/** Chooses what an axis shows. */
export function AxisSelect({ name, value, choices, onChange, labelOf }: Props) {
  return (
    <label className="row">
      {name}
      <select
        className="select"
        aria-label={`${name} axis`}
        value={value}
        onChange={(event) => {
          const id = event.currentTarget.value;
          if (isAxisId(id)) onChange(id);
        }}
      >
        {choices.map((id) => (
          <option key={id} value={id}>
            {labelOf(id)}
          </option>
        ))}
      </select>
    </label>
  );
}
