import { describe, expect, test } from 'vitest';
import { measureLatency } from './latency.ts';

const never = new AbortController().signal;

describe('latency', () => {
  const request = {
    warmUp: 2,
    repetitions: 20,
    input: '1 × 32 tokens',
    threads: 1,
    signal: never,
  };

  test('runs A B A B and leaves the warm-up out', async () => {
    const order: string[] = [];
    const timer = (name: string, scale: number) => {
      let calls = 0;
      return async () => {
        order.push(name);
        calls++;
        return calls <= 2 ? 1e6 : scale * calls;
      };
    };
    const outcome = await measureLatency({
      ...request,
      baseline: timer('A', 2),
      run: timer('B', 1),
    });
    expect(order.join('')).toBe('AB'.repeat(22));
    expect(outcome).toMatchObject({
      baseline: { p50Ms: 25, repetitions: 20, warmUp: 2, ratio: null },
      run: {
        p50Ms: 12.5,
        meanMs: 12.5,
        ratio: { median: 0.5, interval: { low: 0.5, high: 0.5 }, originalP50Ms: 25 },
        originalIqrMs: 19,
      },
    });
  });

  test('is discarded when the tab is hidden, even in the middle of a pair', async () => {
    let pairs = 0;
    const outcome = await measureLatency({
      ...request,
      baseline: async () => 1,
      run: async () => ++pairs,
      isVisible: () => pairs < 5,
    });
    expect(outcome).toMatchObject({ kind: 'discarded' });
    expect(pairs).toBe(5);
  });

  test('too few pairs give no interval', async () => {
    const outcome = await measureLatency({
      ...{ ...request, repetitions: 3 },
      baseline: async () => 2,
      run: async () => 1,
    });
    expect(outcome).toMatchObject({ run: { repetitions: 3, p50Ms: 1, ratio: null } });
  });

  test('cancels between runs', async () => {
    const cancel = new AbortController();
    let runs = 0;
    const measuring = measureLatency({
      ...request,
      signal: cancel.signal,
      baseline: async () => {
        if (++runs === 3) setTimeout(() => cancel.abort(), 0);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return 1;
      },
      run: null,
    });
    await expect(measuring).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs).toBeLessThan(6);
  });
});
