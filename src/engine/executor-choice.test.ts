import { expect, test } from 'vitest';
import { estimateDuration } from './executor-choice.ts';

/** A CPU of so many milliseconds per unit, with some of its own at the first call. */
function fakeCpu(rates: Readonly<Record<string, number>>, warmUpMs = 0) {
  let clock = 0;
  const trials: string[] = [];
  const trial = async (kind: string, cost: number) => {
    clock += (rates[kind] ?? 0) * cost + (trials.includes(kind) ? 0 : warmUpMs);
    trials.push(kind);
    return cost;
  };
  return { trial, trials, now: () => clock };
}

test('the estimate is the sum over kinds of what each costs here', async () => {
  const { trial, now } = fakeCpu({ rtn: 1e-4, svd: 1e-6 }, 500);
  const work = [
    { kind: 'rtn', cost: 1e6 },
    { kind: 'svd', cost: 1e9 },
    { kind: 'rtn', cost: 1e6 },
  ];
  expect(await estimateDuration(work, trial, now)).toBeCloseTo(200 + 1000, 6);
});

test('a trial grows until the clock can tell, and not beyond the work itself', async () => {
  const fast = fakeCpu({ rtn: 1e-9 });
  await estimateDuration([{ kind: 'rtn', cost: 1e6 }], fast.trial, fast.now);
  expect(fast.trials).toHaveLength(4); // 16 Ki, 64 Ki, 256 Ki, 1 Mi
  const slow = fakeCpu({ rtn: 1 });
  await estimateDuration([{ kind: 'rtn', cost: 1e12 }], slow.trial, slow.now);
  expect(slow.trials).toHaveLength(2);
});

test('what a trial really had counts, and no work takes no time', async () => {
  let clock = 0;
  const coarse = async (_: string, cost: number) => {
    clock += cost * 2 * 1e-3;
    return cost * 2;
  };
  const work = [{ kind: 'rtn', cost: 1e6 }];
  expect(await estimateDuration(work, coarse, () => clock)).toBeCloseTo(1000, 6);
  expect(await estimateDuration([], coarse, () => clock)).toBe(0);
});
