import { isTechniqueId } from '../../catalog/techniques.ts';
import type { Step } from '../../recipe/recipe.ts';
import { setTechnique } from '../../state/edit-recipe.ts';
import { traitsOf } from '../../state/model-traits.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { familyGroups, unusable } from './families.ts';
import { focusStep, stepPart } from './focus-step.ts';

/** The card's title, which is also the choice of technique. */
export function TechniquePicker({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const has = useSession(({ model }) => traitsOf(model).operators);
  return (
    <select
      className="select title"
      aria-label={`Technique, step ${index + 1}`}
      value={step.technique}
      onChange={(event) => {
        const id = event.currentTarget.value;
        if (isTechniqueId(id)) focusStep(setTechnique(studio, index, id), 'technique');
      }}
      {...stepPart(index, 'technique')}
    >
      {familyGroups().map(({ family, techniques }) => (
        <optgroup key={family} label={family}>
          {techniques.map(({ id, technique }) => (
            <option
              key={id}
              value={id}
              disabled={id !== step.technique && unusable(technique, has) !== null}
            >
              {technique.label}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
