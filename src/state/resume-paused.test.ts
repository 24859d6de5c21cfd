/** A compression that loses its GPU, has none, or fails: what waits, and how it goes on. */
import { expect, test } from 'vitest';
import type { EngineCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { compress, compressObstacle, setBenchmarkAfter } from './compress.ts';
import { watchKept } from './keep.ts';
import { benchmark } from './measure-run.ts';
import { cancelPaused, dismissFailure } from './paused-job.ts';
import { probeDevice } from './probe-device.ts';
import { resumePaused, resumeStopped, resumeWord, retryFailed } from './resume-paused.ts';
import type { Studio } from './store.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { device } from './testing/minilm.ts';
import { engineHandlers } from './testing/minilm-workers.ts';
import { openedStudio, until } from './testing/open-studio.ts';

const LOST = new StudioError('device-lost', 'The GPU (apple metal-3) was lost.');

/** A studio whose first compressions fail in turn, each after three weights. */
async function failingStudio(
  failures: readonly StudioError[],
  engine: FakeHandlers<EngineCalls> = {},
) {
  const left = [...failures];
  const normal = engineHandlers({ stepMs: 0 });
  const it = await openedStudio(
    {},
    {
      compress: async (args, options) => {
        const failure = left.shift();
        let rows = 0;
        const onProgress: NonNullable<typeof options.onProgress> = (progress) => {
          rows += progress.finished.length;
          options.onProgress?.(progress);
          if (failure && rows === 3) throw failure;
        };
        const compressed = await normal.compress?.(args, { ...options, onProgress });
        if (!compressed) throw new Error('no answer');
        return compressed;
      },
      ...engine,
    },
  );
  setBenchmarkAfter(it.studio, false);
  watchKept(it.studio);
  const asked = (method: string) =>
    it.studio.engine.asked.filter((call) => call.method === method).map(({ args }) => args);
  const options = () => asked('compress').map((args) => args[2] as { jobId: string });
  return { ...it, asked, options };
}

test('a lost GPU asks, with what is finished and the time that the CPU would take', async () => {
  const { studio, session, notice } = await failingStudio([LOST]);
  await compress(studio);
  const { job } = session();
  expect(job).toMatchObject({ status: 'asking', why: 'device-lost' });
  if (job.status !== 'asking') throw new Error('it asks');
  expect(job.finished.size).toBe(3);
  expect(job.total).toBeGreaterThan(3);
  expect(job.cpu).toEqual({ status: 'known', durationMs: 360_000 });
  expect(studio.store.getState().gpuLost).toBe(true);
  expect(notice()).toMatch(/^The GPU was lost while compressing\. 3 of \d+ weights are kept/);
  expect(session().runs).toHaveLength(1);
});

test('Resume goes on with the same job on the GPU, as often as it is lost', async () => {
  const { studio, session, options, asked } = await failingStudio([LOST, LOST]);
  await compress(studio);
  await resumePaused(studio, 'gpu');
  expect(session().job.status).toBe('asking');
  expect(resumeWord(session())).toBe('resume');
  await resumeStopped(studio);
  expect(session().job.status).toBe('idle');
  expect(session().runs).toHaveLength(2);
  expect(resumeWord(session())).toBeNull();
  await resumeStopped(studio);
  expect(session().runs).toHaveLength(2);
  const [first, ...others] = options();
  expect(first).toMatchObject({ executor: 'gpu' });
  expect(others).toEqual([first, first]);
  expect(studio.store.getState().gpuLost).toBe(false);
  await until(() => asked('settle').length > 0);
  expect(asked('settle')[0]).toEqual([first?.jobId]);
});

test('Continue on the CPU says so to the engine, with the same job', async () => {
  const { studio, session, options } = await failingStudio([LOST]);
  await compress(studio);
  await resumePaused(studio, 'cpu');
  expect(session().runs).toHaveLength(2);
  const [first, second] = options();
  expect(second).toEqual({ executor: 'cpu', jobId: first?.jobId });
});

test('Cancel while it asks drops the job and keeps the runs', async () => {
  const { studio, session, notice, asked, options } = await failingStudio([LOST]);
  await compress(studio);
  await cancelPaused(studio);
  expect(session().job).toEqual({ status: 'idle' });
  expect(notice()).toBe('Cancelled. No run was finished before.');
  await until(() => asked('settle').length > 0);
  expect(asked('settle')).toEqual([[options()[0]?.jobId]]);
  expect(compressObstacle(session())).toBeNull();
});

test('while it asks no other job begins', async () => {
  const { studio, session, notice } = await failingStudio([LOST]);
  await compress(studio);
  expect(compressObstacle(session())).toContain('Paused');
  await benchmark(studio);
  expect(session().job.status).toBe('asking');
  expect(notice()).toContain('Resume or cancel it first');
});

test('without WebGPU nothing is compressed before the CPU is agreed to', async () => {
  const { studio, session, options, asked } = await failingStudio([], {
    probe: () => ({ ...device, webgpu: null, webgpuMissing: 'not offered by this browser' }),
  });
  await probeDevice(studio);
  await compress(studio);
  expect(session().job).toMatchObject({
    ...{ status: 'asking', why: 'no-webgpu', failure: null },
    cpu: { status: 'known', durationMs: 360_000 },
  });
  expect(resumeWord(session())).toBeNull();
  await resumeStopped(studio);
  expect(asked('compress')).toEqual([]);
  await resumePaused(studio, 'cpu');
  expect(options()).toMatchObject([{ executor: 'cpu' }]);
  expect(session().runs).toHaveLength(2);
});

test.each([
  ['Compress on the CPU', (studio: Studio) => resumePaused(studio, 'cpu'), ['compress']],
  ['Cancel', cancelPaused, []],
] as const)('%s does not wait for the time, and the engine is free', async (_, answer, then) => {
  const order: string[] = [];
  const normal = engineHandlers({ stepMs: 0 });
  const { studio, session } = await failingStudio([], {
    probe: () => ({ ...device, webgpu: null, webgpuMissing: 'not offered by this browser' }),
    estimateCpu: (_args, { signal }) =>
      new Promise((_resolve, reject) => {
        order.push('timing');
        signal?.addEventListener('abort', () => {
          order.push('timing stopped');
          reject(signal.reason);
        });
      }),
    compress: (args, options) => {
      order.push('compress');
      if (!normal.compress) throw new Error('no answer');
      return normal.compress(args, options);
    },
  });
  await probeDevice(studio);
  const asking = compress(studio);
  await until(() => order.length === 1);
  expect(session().job).toMatchObject({ status: 'asking', cpu: { status: 'measuring' } });
  await answer(studio);
  await asking;
  expect(order).toEqual(['timing', 'timing stopped', ...then]);
  expect(session().job).toEqual({ status: 'idle' });
});

test('a GPU that is gone when Resume asks for it asks again', async () => {
  const gone = new StudioError('no-webgpu', 'The browser found no GPU that it may use.');
  const { studio, session } = await failingStudio([LOST, gone]);
  await compress(studio);
  await resumePaused(studio, 'gpu');
  expect(session().job).toMatchObject({ status: 'asking', why: 'no-webgpu' });
});

test('a CPU time that cannot be measured is said to be unknown, with the reason', async () => {
  const { studio, session } = await failingStudio([LOST], {
    estimateCpu: () => {
      throw new StudioError('out-of-memory', 'No memory left.');
    },
  });
  await compress(studio);
  expect(session().job).toMatchObject({ cpu: { status: 'unknown', reason: 'No memory left.' } });
});

test('a failed compression is tried again as the same job, and putting it away settles it', async () => {
  const failure = new StudioError('out-of-memory', 'No memory left.');
  const { studio, session, options, asked } = await failingStudio([failure, failure]);
  await compress(studio);
  expect(session().job).toMatchObject({ status: 'failed', finished: 3 });
  await retryFailed(studio);
  const [first, second] = options();
  expect(second).toEqual(first);
  expect(asked('settle')).toEqual([]);
  await dismissFailure(studio);
  expect(session().job).toEqual({ status: 'idle' });
  await until(() => asked('settle').length > 0);
  expect(asked('settle')).toEqual([[first?.jobId]]);
});

test('what the engine says in mid-run is said once and the job goes on', async () => {
  const normal = engineHandlers({ stepMs: 0 });
  const notices: string[] = [];
  const { studio, session } = await failingStudio([], {
    compress: async (args, options) => {
      let told = false;
      const onProgress: NonNullable<typeof options.onProgress> = (progress) => {
        options.onProgress?.(told ? progress : { ...progress, notice: 'The disk is full.' });
        told = true;
      };
      const compressed = await normal.compress?.(args, { ...options, onProgress });
      if (!compressed) throw new Error('no answer');
      return compressed;
    },
  });
  studio.store.subscribe(({ notice }) => notices.push(notice.text));
  await compress(studio);
  expect(notices).toContain('The disk is full.');
  expect(session().runs).toHaveLength(2);
});
