import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { Computing } from './computing.ts';

const lost = (which: string) => new StudioError('device-lost', `${which} was lost.`);
const noAdapter = () => new StudioError('no-webgpu', 'The browser found no GPU.');

/** Gives an executor, or throws, in turn; then executors without end. */
function inTurn(...turns: readonly (StudioError | null)[]) {
  const left = [...turns];
  let given = 0;
  const acquire = async () => {
    const failure = left.shift();
    if (failure) throw failure;
    given += 1;
    return new CpuExecutor();
  };
  return { acquire, count: () => given };
}

test('what a loss interrupts is done once more, on another device', async () => {
  const executors = inTurn();
  let told = 0;
  const computing = new Computing(executors, () => told++);
  let attempts = 0;
  const result = await computing.on(async () => {
    if (++attempts === 1) throw lost('The first');
    return attempts;
  });
  expect([result, told, executors.count(), computing.wasLost]).toEqual([2, 1, 2, true]);
  const second = computing.on(() => Promise.reject(lost('The second')));
  await expect(second).rejects.toThrow('The second');
  expect(told).toBe(1);
});

test('other failures end the work at once', async () => {
  const computing = new Computing(inTurn(), () => {});
  await expect(computing.on(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
  expect(computing.wasLost).toBe(false);
});

test('a browser gets time to start its GPU again; without it the loss is what is told', async () => {
  const loses = () => {
    let attempts = 0;
    return async () => {
      if (++attempts === 1) throw lost('The GPU');
      return 'done';
    };
  };
  const late = new Computing(inTurn(null, noAdapter(), noAdapter()), () => {}, 1);
  expect(await late.on(loses())).toBe('done');
  const never = new Computing(inTurn(null, ...Array.from({ length: 99 }, noAdapter)), () => {}, 1);
  await expect(never.on(loses())).rejects.toThrow('The GPU was lost');
  const without = new Computing(inTurn(noAdapter()), () => {}, 1);
  await expect(without.on(async () => {})).rejects.toMatchObject({ code: 'no-webgpu' });
});
