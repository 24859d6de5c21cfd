import type { NumberOption } from '../../catalog/technique.ts';
import type { Step } from '../../recipe/recipe.ts';
import { DEFAULT_MIN_ELEMENTS } from '../../recipe/select.ts';
import { setSelection } from '../../state/edit-recipe.ts';
import { useStudio } from '../studio-context.tsx';
import { Field, FieldLabel } from './field.tsx';
import { NumberField } from './number-field.tsx';
import { changedWhere } from './where-words.ts';

const SMALLEST: NumberOption = {
  kind: 'number',
  key: 'minElements',
  label: 'Smallest weight',
  help: 'Weights of fewer elements are left alone.',
  level: 'advanced',
  min: 0,
  max: 1_000_000_000,
  step: 1,
  integer: true,
  display: 'plain',
  default: DEFAULT_MIN_ELEMENTS,
};

/** Below how many elements the step leaves weights alone. */
export function SmallestWeight({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const { where } = step;
  return (
    <Field help={SMALLEST.help} shape="row pick flat">
      <FieldLabel help={SMALLEST.help}>{SMALLEST.label}</FieldLabel>
      <NumberField
        spec={SMALLEST}
        value={where?.minElements ?? DEFAULT_MIN_ELEMENTS}
        stepName={`step ${index + 1}`}
        onChange={(value) => {
          const minElements = value === DEFAULT_MIN_ELEMENTS ? undefined : value;
          setSelection(studio, index, changedWhere(where, { minElements }));
        }}
      />
      <span className="t3">elements</span>
    </Field>
  );
}
