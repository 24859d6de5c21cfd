import { showOption } from '../../catalog/show-option.ts';
import type { OptionSpec, OptionValue } from '../../catalog/technique.ts';

/** The values of folded options in one line: "Symmetric, scales 16 bit"; what is off by default is left out. */
export function optionWords(
  specs: readonly OptionSpec[],
  options: Readonly<Record<string, OptionValue>>,
): string {
  const parts = specs.flatMap((spec) => {
    const value = options[spec.key] ?? spec.default;
    if (spec.kind !== 'toggle') return [`${spec.label} ${showOption(spec, value)}`];
    if (value) return [spec.label];
    return spec.default ? [`${spec.label}: off`] : [];
  });
  return parts.map((part, index) => (index === 0 ? part : lowerFirst(part))).join(', ');
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
