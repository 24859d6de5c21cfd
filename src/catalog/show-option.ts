/** Options as people read them. */
import type { NumberOption, OptionSpec, OptionValue, Technique } from './technique.ts';

type Values = Readonly<Record<string, OptionValue>>;

/** "50 %", "64", "0.35". */
export function showNumber({ display }: Pick<NumberOption, 'display'>, value: number): string {
  if (display === 'percent') return `${rounded(value * 100)} %`;
  return rounded(value);
}

/** At most six significant decimals: 0.1 + 0.2 is read as 0.3. */
const rounded = (value: number): string => String(Number(value.toFixed(6))).replace('-', '−');

/** The value in the words of its control: "32", "channel", "50 %", "on". */
export function showOption(spec: OptionSpec, value: OptionValue): string {
  switch (spec.kind) {
    case 'number':
      return typeof value === 'number' ? showNumber(spec, value) : String(value);
    case 'toggle':
      return value === true ? 'on' : 'off';
    case 'choice':
      return spec.choices.find((it) => it.value === value)?.label ?? String(value);
  }
}

/** Whether the option is used with these values of the step's other options. */
export const isActive = ({ when }: OptionSpec, values: Values): boolean => {
  if (!when) return true;
  const other = values[when.key];
  return other !== undefined && when.is.includes(other);
};

/**
 * What a step of the technique does in a few words, from the technique's phrase: "int4 block 32",
 * "rank by energy 95 %".
 * - `values` — every option of the technique
 */
export function stepPhrase({ phrase, options }: Technique, values: Values): string {
  const fill = (text: string, depth: number): string =>
    text.replace(/\{(\w+)\}/g, (_, key: string) => {
      const spec = options.find((it) => it.key === key);
      if (!spec || depth > MOST_NESTED) return '';
      const value = values[key] ?? spec.default;
      const own = spec.kind === 'choice' && spec.choices.find((it) => it.value === value)?.phrase;
      return own ? fill(own, depth + 1) : showOption(spec, value);
    });
  return fill(phrase, 0);
}

/** A choice's phrase may name an option whose choice's phrase names another, and no more. */
const MOST_NESTED = 2;
