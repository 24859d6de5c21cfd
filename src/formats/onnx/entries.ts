import { delimited, type Fields, textOf } from './fields.ts';

/** Repeated StringStringEntryProto as a map; entries too long to load are left out. */
export function readEntries(fields: Fields, number: number): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const entry of delimited(fields, number)) {
    const key = textOf(entry.fields!, 1);
    const value = textOf(entry.fields!, 2);
    if (key !== null && value !== null) entries.set(key ?? '', value ?? '');
  }
  return entries;
}
