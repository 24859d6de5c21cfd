import { isActive } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Step } from '../recipe/recipe.ts';

/** The technique with the options that decide its pace. */
export function kindOf(step: Step): string {
  const values = resolveOptions(step);
  const timed = TECHNIQUES[step.technique].options
    .filter((spec) => spec.timed && isActive(spec, values))
    .map(({ key }) => `${key} ${values[key]}`);
  return [step.technique, ...timed].join(' ');
}
