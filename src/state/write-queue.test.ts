import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { WriteQueue } from './write-queue.ts';

function disk() {
  const written: string[] = [];
  const failures: string[] = [];
  const it = { isFull: false };
  const queue = new WriteQueue(({ message }) => void failures.push(message));
  const add = (key: string, text: string) =>
    queue.add(key, async () => {
      if (it.isFull) throw new StudioError('quota', `${text}: full`);
      written.push(text);
    });
  return { it, queue, add, written, failures };
}

test('writes go one after the other, in the order in which they came', async () => {
  const { queue, add, written } = disk();
  queue.add('slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    written.push('slow');
  });
  add('job', 'job');
  await queue.settled();
  expect(written).toEqual(['slow', 'job']);
});

test('what found no room is written when there is some, and said once', async () => {
  const { it, queue, add, written, failures } = disk();
  it.isFull = true;
  add('run 1', 'run 1');
  add('job', 'job');
  queue.retry();
  await queue.settled();
  expect(failures).toEqual(['run 1: full', 'job: full']);
  it.isFull = false;
  queue.retry();
  await queue.settled();
  expect(written).toEqual(['run 1', 'job']);
  queue.retry();
  await queue.settled();
  expect(written).toHaveLength(2);
});

test('a write that found room lets those before it try again', async () => {
  const { it, queue, add, written } = disk();
  it.isFull = true;
  add('run 1', 'run 1');
  await queue.settled();
  it.isFull = false;
  add('job', 'job');
  await queue.settled();
  expect(written).toEqual(['job', 'run 1']);
});

test('a newer write replaces one of its kind that found no room', async () => {
  const { it, queue, add, written } = disk();
  it.isFull = true;
  add('job', 'begun');
  await queue.settled();
  it.isFull = false;
  add('job', 'ended');
  queue.retry();
  await queue.settled();
  expect(written).toEqual(['ended']);
});

test('another failure is said and not tried again', async () => {
  const { queue, failures } = disk();
  let tries = 0;
  queue.add('job', async () => {
    tries += 1;
    throw new StudioError('busy', 'open in another tab');
  });
  queue.retry();
  await queue.settled();
  expect(tries).toBe(1);
  expect(failures).toEqual(['open in another tab']);
});
