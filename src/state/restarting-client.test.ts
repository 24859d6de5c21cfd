import { expect, test } from 'vitest';
import { type Restartable, restartingClient } from './restarting-client.ts';

interface Calls {
  ping: { args: [n: number]; result: number; progress: never };
}

class FakeWorker extends EventTarget implements Restartable {
  terminated = false;
  postMessage({ id, args }: { id: number; args: [number] }): void {
    if (args[0] < 0) this.dispatchEvent(new Event('error'));
    else this.dispatchEvent(new MessageEvent('message', { data: { id, result: args[0] } }));
  }
  terminate(): void {
    this.terminated = true;
  }
}

test('the worker starts with the first call and is replaced after it died', async () => {
  const started: FakeWorker[] = [];
  const client = restartingClient<Calls>(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as Restartable;
  });
  expect(started).toHaveLength(0);
  expect(await client.call('ping', [1])).toBe(1);
  await expect(client.call('ping', [-1])).rejects.toMatchObject({ code: 'worker-failed' });
  expect(started.map(({ terminated }) => terminated)).toEqual([true]);
  expect(await client.call('ping', [2])).toBe(2);
  expect(started).toHaveLength(2);
});

test('a worker that does not end a cancelled call is replaced', async () => {
  const started: FakeWorker[] = [];
  const client = restartingClient<Calls>(() => {
    const worker = new FakeWorker();
    if (started.length === 0) worker.postMessage = () => {};
    started.push(worker);
    return worker as Restartable;
  }, 5);
  const abort = new AbortController();
  const call = client.call('ping', [1], { signal: abort.signal });
  abort.abort();
  await expect(call).rejects.toMatchObject({
    code: 'worker-failed',
    message: expect.stringContaining('was restarted'),
  });
  expect(started.map(({ terminated }) => terminated)).toEqual([true]);
  expect(await client.call('ping', [2])).toBe(2);
});

test('a cancel after the call has ended does not touch the worker', async () => {
  const started: FakeWorker[] = [];
  const client = restartingClient<Calls>(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as Restartable;
  }, 5);
  const abort = new AbortController();
  expect(await client.call('ping', [1], { signal: abort.signal })).toBe(1);
  abort.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(started.map(({ terminated }) => terminated)).toEqual([false]);
});
