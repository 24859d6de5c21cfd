import type { Typed } from './typed-number.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1e6, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };
const MOST_BYTES = 1e15;
const PROBLEM = 'Allowed: a size such as 25 MB or 800 KB';

/** Reads a size as people type it: "25" (MB), "25 MB", "800kb", "1,5 GB", "20,322,886 B". */
export function readBytes(text: string): Typed {
  const [, digits = '', unit = ''] = /^\s*([\d.,\s]+?)\s*([kmg]?b)?\s*$/i.exec(text) ?? [];
  const grouped = digits.replaceAll(/[,\s](?=\d{3}(?:\D|$))/g, '').replace(',', '.');
  const value = Math.round(Number(grouped) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (digits === '' || !(value >= 1 && value <= MOST_BYTES)) return { problem: PROBLEM };
  return { value };
}
