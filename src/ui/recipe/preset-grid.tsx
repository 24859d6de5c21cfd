import { UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import { matchingPreset, PRESETS, type Preset } from '../../recipe/presets.ts';
import { formatBytes, formatExactBytes } from '../../report/format.ts';
import { choosePreset } from '../../state/edit-recipe.ts';
import { useSession, useStudio } from '../studio-context.tsx';

export function PresetGrid() {
  const chosen = useSession(({ recipe }) => matchingPreset(recipe));
  return (
    <div className="presets">
      {PRESETS.map((preset) => (
        <PresetButton key={preset.id} preset={preset} pressed={preset.id === chosen} />
      ))}
    </div>
  );
}

function PresetButton({ preset, pressed }: { preset: Preset; pressed: boolean }) {
  const studio = useStudio();
  const id = useId();
  const target = useSession(({ recipe }) => recipe.target);
  const bytes = useSession(({ presetBytes }) => presetBytes[target]?.[preset.id]);
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
        <span
          className="s12 t2 nowrap"
          id={`${id}-size`}
          title={bytes === undefined ? undefined : formatExactBytes(bytes)}
        >
          {bytes !== undefined && formatBytes(bytes)}
        </span>
      </span>
      <span className="s11 t3 ell" id={`${id}-caption`} title={preset.caption(target)}>
        {preset.caption(target)}
      </span>
    </UnstyledButton>
  );
}
