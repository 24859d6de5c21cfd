import type { OptionFix } from '../catalog/encodings.ts';
import { showOption } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { RecipeFix } from '../recipe/fix.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** The option of a step as the edit that sets it; null if its technique has no such option. */
export function optionFix(
  { steps }: Recipe,
  step: number,
  { key, value }: OptionFix,
): RecipeFix | null {
  const technique = steps[step]?.technique;
  const spec = technique && TECHNIQUES[technique].options.find((it) => it.key === key);
  if (!spec) return null;
  const shown = showOption(spec, value);
  const words =
    spec.kind === 'toggle'
      ? spec.label.toLowerCase()
      : (OWN_WORDS[key]?.(shown) ?? `${spec.label.toLowerCase()} ${shown}`);
  return { kind: 'option', step, key, value, label: `Use ${words}` };
}

/** Where the option's label before the value is not what one says. */
const OWN_WORDS: Readonly<Record<string, (shown: string) => string>> = {
  bits: (shown) => `${shown} bits`,
  blockSize: (shown) => (shown === 'channel' ? 'one scale a channel' : `block size ${shown}`),
  compute: (shown) => `${shown} products`,
};
