/** Reads untrusted recipe JSON field by field; every refusal names the path and what is allowed. */
import { StudioError } from '../core/studio-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * - `problem` — follows the path in the message: "is 3. Allowed: 2, 4, 8."
 * @throws bad-recipe, always
 */
export function refuse(path: string, problem: string): never {
  const subject = path === '' ? 'The recipe' : path;
  throw new StudioError('bad-recipe', `${subject} ${problem}`, { detail: { path } });
}

/** What of a value an error message shows. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const listed = (values: readonly unknown[]): string => values.map(String).join(', ');

/** An object with no keys but `keys`. */
export function readObject(value: unknown, path: string, keys: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(path, `is ${show(value)}. Allowed: an object with ${listed(keys)}.`);
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) {
      refuse(join(path, key), `is not a known key. Allowed: ${listed(keys)}.`);
    }
  }
  return value as JsonObject;
}

export function readText(value: unknown, path: string, maxLength: number): string {
  const allowed = `Allowed: text of 1 to ${maxLength} characters.`;
  if (typeof value !== 'string') refuse(path, `is ${show(value)}. ${allowed}`);
  if (value.length === 0) refuse(path, `is empty. ${allowed}`);
  if (value.length > maxLength) refuse(path, `has ${value.length} characters. ${allowed}`);
  return value;
}

export function readInteger(value: unknown, path: string, max: number): number {
  if (!Number.isInteger(value) || Object.is(value, -0)) {
    refuse(path, `is ${show(value)}. Allowed: an integer from 0 to ${max}.`);
  }
  const integer = value as number;
  if (integer < 0 || integer > max) {
    refuse(path, `is ${integer}. Allowed: an integer from 0 to ${max}.`);
  }
  return integer;
}

export function readList(
  value: unknown,
  path: string,
  minLength: number,
  maxLength: number,
): readonly unknown[] {
  const allowed = `Allowed: a list of ${minLength} to ${maxLength}.`;
  if (!Array.isArray(value)) refuse(path, `is ${show(value)}. ${allowed}`);
  if (value.length < minLength || value.length > maxLength) {
    refuse(path, `has ${value.length} entries. ${allowed}`);
  }
  return value;
}

/** `steps[0].options` and `bits` make `steps[0].options.bits`; odd keys are quoted and cut. */
export function join(path: string, key: string): string {
  if (/^[A-Za-z_]\w{0,60}$/.test(key)) return path === '' ? key : `${path}.${key}`;
  return `${path}[${show(key)}]`;
}
