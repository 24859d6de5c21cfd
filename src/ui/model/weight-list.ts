/** Filtering and sorting of the weights table: of tens of thousands, within a frame or two. */
import { formatDims } from '../../report/format.ts';
import type { WeightSummary } from '../../report/model-summary.ts';
import type { WeightState } from './weight-state.ts';

export type SortKey =
  | 'name'
  | 'op'
  | 'shape'
  | 'elements'
  | 'bytes'
  | 'share'
  | 'after'
  | 'encoding'
  | 'sqnr';

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Weights whose name, operator, shape, encoding or reason holds every word of `filter`. */
export function filterStates(
  states: readonly WeightState[],
  filter: string,
): readonly WeightState[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return states;
  return states.filter((state) => {
    const own = searchable(state.weight);
    let changing: string | null = null;
    return words.every((word) => {
      if (own.includes(word)) return true;
      changing ??= `${state.encoding} ${state.reason ?? ''}`.toLowerCase();
      return changing.includes(word);
    });
  });
}

const texts = new WeakMap<WeightSummary, string>();

/** What of a weight never changes, made once. */
function searchable(weight: WeightSummary): string {
  const known = texts.get(weight);
  if (known !== undefined) return known;
  const { name, label, op, dims } = weight;
  const text = [name, label === name ? '' : label, op, formatDims(dims), dims.join('x')]
    .join(' ')
    .toLowerCase();
  texts.set(weight, text);
  return text;
}

type Value = (state: WeightState) => number | null;

/** Stable; weights without a value, as an SQNR, come last whichever way. */
export function sortStates(
  states: readonly WeightState[],
  { key, descending }: Sorting,
): readonly WeightState[] {
  const value = sortValue(key, states);
  const sign = descending ? -1 : 1;
  const keyed = states.map((state) => ({ state, value: value(state) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return Number(a.value === null) - Number(b.value === null);
    }
    return sign * (a.value - b.value);
  });
  return keyed.map(({ state }) => state);
}

function sortValue(key: SortKey, states: readonly WeightState[]): Value {
  switch (key) {
    case 'name':
      return ({ weight }) => weight.order;
    case 'op':
      return ranked(states, ({ weight }) => weight.op);
    case 'shape':
      return ranked(states, ({ weight }) => formatDims(weight.dims));
    case 'elements':
      return ({ weight }) => weight.elementCount;
    case 'bytes':
    case 'share':
      return ({ weight }) => weight.byteLength;
    case 'after':
      return ({ bytesAfter }) => bytesAfter;
    case 'encoding':
      return ranked(states, ({ bits, encoding }) => `${String(bits).padStart(2, '0')} ${encoding}`);
    case 'sqnr':
      return ({ sqnrDb }) => sqnrDb;
  }
}

/** Texts by their rank: there are few different ones, and comparing numbers is quick. */
function ranked(
  states: readonly WeightState[],
  text: (state: WeightState) => string,
): (state: WeightState) => number {
  const all = [...new Set(states.map(text))].sort(byName.compare);
  const ranks = new Map(all.map((it, rank) => [it, rank]));
  return (state) => ranks.get(text(state)) ?? 0;
}

const byName = new Intl.Collator('en', { numeric: true });
