import { describe, expect, test } from 'vitest';
import type { InputStatistics } from '../model/statistics.ts';
import { StatisticsCache, statisticsBytes } from './statistics-cache.ts';

const statistics = (K: number, gram = true): InputStatistics => ({
  ...{ K, count: 1, rows: 1 },
  ...{ sum: new Float64Array(K), sumAbs: new Float64Array(K), sumSquares: new Float64Array(K) },
  ...{ min: new Float32Array(K), max: new Float32Array(K) },
  gram: gram ? new Float32Array(K * K) : null,
});

describe('what is known', () => {
  test('products are more than moments', () => {
    const cache = new StatisticsCache(1e6);
    cache.put('a', statistics(4, false));
    expect(cache.get('a', 'moments')).not.toBeNull();
    expect(cache.get('a', 'gram')).toBeNull();
    cache.put('a', statistics(4));
    expect(cache.get('a', 'moments')).not.toBeNull();
    expect(cache.get('a', 'gram')).not.toBeNull();
  });

  test('the least recently used goes first', () => {
    const one = statisticsBytes(8, 'gram');
    const cache = new StatisticsCache(2 * one);
    cache.put('a', statistics(8));
    cache.put('b', statistics(8));
    expect(cache.get('a', 'gram')).not.toBeNull();
    cache.makeRoom(one);
    expect(cache.get('b', 'gram')).toBeNull();
    expect(cache.get('a', 'gram')).not.toBeNull();
  });
});
