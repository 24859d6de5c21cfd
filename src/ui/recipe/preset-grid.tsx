import { UnstyledButton } from '@mantine/core';
import { memo, useId } from 'react';
import { matchingPreset, PRESETS, type Preset } from '../../recipe/presets.ts';
import { choosePreset } from '../../state/edit-recipe.ts';
import { traitsOf } from '../../state/model-traits.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { presetWords } from './preset-words.ts';

export const PresetGrid = memo(function PresetGrid() {
  const chosen = useSession(({ recipe, model }) => matchingPreset(recipe, traitsOf(model)));
  return (
    <div className="presets">
      {PRESETS.map((preset) => (
        <PresetButton key={preset.id} preset={preset} pressed={preset.id === chosen} />
      ))}
    </div>
  );
});

const PresetButton = memo(function PresetButton({
  preset,
  pressed,
}: {
  preset: Preset;
  pressed: boolean;
}) {
  const studio = useStudio();
  const id = useId();
  const target = useSession(({ recipe }) => recipe.target);
  const plan = useSession(({ presetPlans }) => presetPlans[target]?.[preset.id]);
  const caption = useSession(({ model }) => preset.caption(target, traitsOf(model)));
  const { size, exact, says } = presetWords(plan, caption);
  return (
    <UnstyledButton
      className="preset"
      aria-pressed={pressed}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-size ${id}-caption`}
      onClick={() => choosePreset(studio, preset.id)}
    >
      <span className="top-line">
        <span className="name ell" id={`${id}-name`} title={preset.label}>
          {preset.label}
        </span>
        <span className="s12 t2 nowrap" id={`${id}-size`} title={exact}>
          {size}
        </span>
      </span>
      <span className="s11 t3 ell" id={`${id}-caption`} title={says}>
        {says}
      </span>
    </UnstyledButton>
  );
});
