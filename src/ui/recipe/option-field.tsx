import type { ChoiceOption, OptionSpec, OptionValue } from '../../catalog/technique.ts';
import { Segmented } from '../segmented.tsx';
import { AdvancedOption } from './advanced-option.tsx';
import { Field, FieldLabel } from './field.tsx';
import { NumberSlider } from './number-slider.tsx';
import { OptionSlider } from './option-slider.tsx';

interface Props {
  readonly spec: OptionSpec;
  readonly value: OptionValue;
  /** "step 1: Round to nearest", the second part of the accessible name. */
  readonly stepName: string;
  readonly onChange: (value: OptionValue) => void;
}

/** An open option: a slider where its values have an order, else what suits its kind. */
export function OptionField({ spec, ...props }: Props) {
  switch (spec.kind) {
    case 'number':
      return <NumberSlider spec={spec} {...props} />;
    case 'toggle':
      return <AdvancedOption spec={spec} {...props} />;
    case 'choice':
      return isOrdered(spec) ? (
        <OptionSlider spec={spec} {...props} />
      ) : (
        <OptionSegments spec={spec} {...props} />
      );
  }
}

/** More segments have no room beside their label. */
const MOST_BESIDE = 3;

/** Numbers are in order; names are not. */
const isOrdered = ({ choices }: ChoiceOption): boolean =>
  choices.some(({ value }) => typeof value === 'number');

function OptionSegments({ spec, value, stepName, onChange }: Props & { spec: ChoiceOption }) {
  return (
    <Field help={spec.help} shape={spec.choices.length > MOST_BESIDE ? 'pick over' : 'row pick'}>
      <FieldLabel help={spec.help}>{spec.label}</FieldLabel>
      <div className="grow">
        <Segmented
          name={`${spec.label}, ${stepName}`}
          help={spec.help}
          value={String(value)}
          choices={spec.choices.map((it) => ({ value: String(it.value), label: it.label }))}
          onChange={(chosen) => {
            const choice = spec.choices.find((it) => String(it.value) === chosen);
            if (choice) onChange(choice.value);
          }}
          fullWidth
        />
      </div>
    </Field>
  );
}
