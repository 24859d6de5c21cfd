/** Statistics that were taken once, so that moving a slider never calibrates again. */
import type { StatisticKind } from '../core/statistic-kind.ts';
import type { Rows } from '../dataset/rows.ts';
import type { InputStatistics } from '../model/statistics.ts';

export class StatisticsCache {
  readonly #budgetBytes: number;
  /** Least recently used first. */
  readonly #known = new Map<string, InputStatistics>();
  #bytes = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get(key: string, kind: StatisticKind): InputStatistics | null {
    const known = this.#known.get(key);
    if (!known || (kind === 'gram' && !known.gram)) return null;
    this.#known.delete(key);
    this.#known.set(key, known);
    return known;
  }

  put(key: string, statistics: InputStatistics): void {
    this.#remove(key);
    this.#known.set(key, statistics);
    this.#bytes += bytesOf(statistics);
  }

  /** Forgets the least recently used until `bytes` more are within the budget. */
  makeRoom(bytes: number): void {
    for (const oldest of this.#known.keys()) {
      if (this.#bytes + bytes <= this.#budgetBytes) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const known = this.#known.get(key);
    if (!known) return;
    this.#known.delete(key);
    this.#bytes -= bytesOf(known);
  }
}

const bytesOf = ({ K, gram }: InputStatistics): number =>
  statisticsBytes(K, gram ? 'gram' : 'moments');

/** Memory that the statistics of K inputs take. */
export const statisticsBytes = (K: number, kind: StatisticKind): number =>
  K * (3 * 8 + 2 * 4) + (kind === 'gram' ? 4 * K * K : 0);

const caches = new WeakMap<Rows, StatisticsCache>();

/** The one cache of a model's rows; rows that are read anew have a new one. */
export function statisticsOf(rows: Rows, budgetBytes: number): StatisticsCache {
  const cache = caches.get(rows) ?? new StatisticsCache(budgetBytes);
  caches.set(rows, cache);
  return cache;
}
