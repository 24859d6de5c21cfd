/** Filtering and sorting of the weights table. */
import { formatDims } from '../../report/format.ts';
import type { WeightState } from './weight-state.ts';

export type SortKey = 'name' | 'bytes' | 'encoding' | 'sqnr';

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
    const text = searchable(state);
    return words.every((word) => text.includes(word));
  });
}

const searchable = ({ weight, encoding, reason }: WeightState): string =>
  [
    weight.name,
    weight.label,
    weight.op,
    formatDims(weight.dims),
    weight.dims.join('x'),
    encoding,
    reason ?? '',
  ]
    .join(' ')
    .toLowerCase();

/** A stable sort; weights without an SQNR come last. */
export function sortStates(
  states: readonly WeightState[],
  { key, descending }: Sorting,
): readonly WeightState[] {
  const sign = descending ? -1 : 1;
  const compare: Readonly<Record<SortKey, (a: WeightState, b: WeightState) => number>> = {
    name: (a, b) => sign * byName.compare(a.weight.label, b.weight.label),
    bytes: (a, b) => sign * (a.weight.byteLength - b.weight.byteLength),
    encoding: (a, b) => sign * (a.bits - b.bits || byName.compare(a.encoding, b.encoding)),
    sqnr: (a, b) => {
      if (a.sqnrDb === null || b.sqnrDb === null) {
        return Number(a.sqnrDb === null) - Number(b.sqnrDb === null);
      }
      return sign * (a.sqnrDb - b.sqnrDb);
    },
  };
  return states.toSorted(compare[key]);
}

const byName = new Intl.Collator('en', { numeric: true });
