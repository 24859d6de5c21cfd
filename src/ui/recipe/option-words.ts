import type { OptionSpec, OptionValue } from '../../catalog/technique.ts';

/** The values of folded options in one line: "Symmetric, scales 16 bit". */
export function optionWords(
  specs: readonly OptionSpec[],
  options: Readonly<Record<string, OptionValue>>,
): string {
  const parts = specs.map((spec) => {
    const value = options[spec.key];
    if (spec.kind === 'toggle') return value ? spec.label : `${spec.label}: off`;
    const choice = spec.choices.find((it) => it.value === value);
    return `${spec.label} ${choice?.label ?? value}`;
  });
  const line = parts.map((part, index) => (index === 0 ? part : lowerFirst(part))).join(', ');
  return line;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
