import type { OptionSpec, OptionValue } from '../../catalog/technique.ts';
import { Field, FieldLabel } from './field.tsx';
import { NumberSlider } from './number-slider.tsx';

interface Props {
  readonly spec: OptionSpec;
  readonly value: OptionValue;
  readonly stepName: string;
  readonly onChange: (value: OptionValue) => void;
}

/** A folded option: a checkbox for a toggle, a list for a choice, a slider for a number. */
export function AdvancedOption({ spec, value, stepName, onChange }: Props) {
  const name = `${spec.label}, ${stepName}`;
  if (spec.kind === 'number') return <NumberSlider {...{ spec, value, stepName, onChange }} />;
  if (spec.kind === 'toggle') {
    return (
      <Field help={spec.help} shape="row">
        <label className="check">
          <input
            type="checkbox"
            aria-label={name}
            aria-description={spec.help}
            checked={value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
          <FieldLabel help={spec.help}>{spec.label}</FieldLabel>
        </label>
      </Field>
    );
  }
  return (
    <Field help={spec.help} shape="row pick flat">
      <FieldLabel help={spec.help}>{spec.label}</FieldLabel>
      <select
        className="select"
        aria-label={name}
        aria-description={spec.help}
        value={String(value)}
        onChange={(event) => {
          const chosen = spec.choices.find((it) => String(it.value) === event.currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {spec.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
