/** Mutations of JSON text: of its values while it stays JSON, or of its bytes. */
import type { Random } from '../random.ts';
import { pick } from './fuzz.ts';
import { HOSTILE_NAMES } from './hostile-text.ts';
import { mutateBytes } from './mutate-bytes.ts';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

const VALUES: readonly (() => unknown)[] = [
  ...[null, true, false, '', [], {}].map((value) => () => value),
  ...[-1, 0, -0, 1, 2, 3, 4, 8, 16, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53].map(
    (value) => () => value,
  ),
  () => nested(50),
  () => nested(150),
  () => new Array(2000).fill(0),
  () => 'x'.repeat(300_000),
  () => Object.fromEntries(HOSTILE_NAMES.map((name) => [name, 1])),
  () => ({ __proto__: null, toString: 1, valueOf: 1, length: 2 ** 32 }),
];

interface Place {
  readonly container: Record<string, unknown> | unknown[];
  readonly key: string | number;
  readonly value: unknown;
}

function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const container = next as Place['container'];
    const keys: (string | number)[] = Array.isArray(container)
      ? [...container.keys()]
      : Object.keys(container);
    for (const key of keys) {
      const value = (container as Record<string | number, unknown>)[key];
      places.push({ container, key, value });
      if (value !== null && value !== undefined) waiting.push(value);
    }
  }
  return places;
}

/** An assignment that also works for `__proto__`. */
const assign = (container: object, key: string | number, value: unknown): void => {
  const own = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(container, key, own);
};

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

type Mutation = (place: Place, all: readonly Place[], random: Random) => void;

const MUTATIONS: readonly Mutation[] = [
  remove,
  ({ container, key }, _, random) => assign(container, key, pick(random, VALUES)()),
  ({ container, key }, _, random) => assign(container, key, pick(random, HOSTILE_NAMES)),
  ({ container, key }, all, random) =>
    assign(container, key, structuredClone(pick(random, all).value)),
  ({ container }, all, random) =>
    assign(
      container,
      Array.isArray(container) ? container.length : pick(random, HOSTILE_NAMES),
      structuredClone(pick(random, all).value),
    ),
  (place, _, random) => {
    const { container, value } = place;
    remove(place);
    if (!Array.isArray(container)) assign(container, pick(random, HOSTILE_NAMES), value);
  },
  ({ container, key, value }, _, random) => {
    if (typeof value === 'number') assign(container, key, value + pick(random, [-1, 1, 0.5, 1e9]));
    if (typeof value === 'string') assign(container, key, mutateText(value, random));
    if (typeof value === 'boolean') assign(container, key, !value);
  },
  ({ container, key, value }) => assign(container, key, [value]),
];

/** One to three changes of JSON text; two thirds of the mutants are still JSON. */
export function mutateJson(json: string, random: Random): string {
  if (random.below(3) === 0) return mutateText(json, random);
  const root: unknown[] = [JSON.parse(json)];
  for (let rounds = 1 + random.below(3); rounds > 0; rounds--) {
    const all = placesIn(root);
    if (all.length > 0) pick(random, MUTATIONS)(pick(random, all), all, random);
  }
  return JSON.stringify(root[0]) ?? '';
}

/** Bytes that are no UTF-8 become U+FFFD, as they do when a file is read as text. */
export const mutateText = (text: string, random: Random): string =>
  new TextDecoder().decode(mutateBytes(new TextEncoder().encode(text), random));
