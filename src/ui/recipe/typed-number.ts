import { showNumber } from '../../catalog/show-option.ts';
import type { NumberOption } from '../../catalog/technique.ts';

export type Typed<T = number> = { readonly value: T } | { readonly problem: string };

/**
 * Reads what a person typed for the option: "35", "35 %" or "0,5 %" for one shown in percent, and
 * "1,024" for a whole number.
 */
export function readNumber(spec: NumberOption, text: string): Typed {
  const bare = text.replaceAll(/[\s%]/g, '').replace('−', '-');
  const plain = spec.integer ? bare.replaceAll(/,(?=\d{3})/g, '') : bare.replace(',', '.');
  const typed = plain === '' ? Number.NaN : Number(plain);
  const value = spec.display === 'percent' ? Number((typed / 100).toFixed(10)) : typed;
  const fits = value >= spec.min && value <= spec.max;
  if (fits && (!spec.integer || Number.isInteger(value))) return { value };
  const kind = spec.integer ? 'a whole number from ' : '';
  const range = `${kind}${showNumber(spec, spec.min)} to ${showNumber(spec, spec.max)}`;
  return { problem: `Allowed: ${range}` };
}
