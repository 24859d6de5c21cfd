import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { selectRun } from './compare.ts';
import { compress, compressObstacle, setBenchmarkAfter } from './compress.ts';
import { benchmark } from './measure-run.ts';
import { openFiles } from './open-model.ts';
import { BASELINE_ID } from './run.ts';
import { cancelJob, stopScoring } from './run-job.ts';
import { model, opened, plan } from './testing/minilm.ts';
import { engineHandlers } from './testing/minilm-workers.ts';
import { FILES, fakeStudio, openedStudio, until } from './testing/open-studio.ts';

/** Without what is only looked at meanwhile. */
const jobsAsked = ({ engine }: Awaited<ReturnType<typeof openedStudio>>['studio']) =>
  engine.asked.map(({ method }) => method).filter((method) => method !== 'finishedWeight');

test('Compress hashes the output, measures the baseline first, then the run', async () => {
  const { studio, session, notice } = await openedStudio();
  await compress(studio);
  const asked = jobsAsked(studio);
  expect(asked).toEqual(['probe', 'open', 'compress', 'measure', 'measure']);
  const [baseline, run] = session().runs;
  expect(baseline?.accuracy?.difference).toBeNull();
  expect(run?.output.byteLength).toBe(plan(session().recipe).byteLength);
  expect(run?.accuracy?.difference).not.toBeNull();
  expect(session().selectedRunId).toBe(run?.id);
  expect(session().job.status).toBe('idle');
  expect(notice()).toContain('× smaller');
  expect(compressObstacle(session())).toContain('Already run');
});

test('without the benchmark a run says that it is not measured', async () => {
  const { studio, session, notice } = await openedStudio();
  setBenchmarkAfter(studio, false);
  await compress(studio);
  expect(session().runs[1]?.measurements).toEqual([]);
  expect(notice()).toContain('Not measured yet');
});

test('Compress interrupts a baseline that is measured by itself, which is then measured after', async () => {
  const small = { ...opened, model: { ...model, byteLength: 4e6 } };
  const { studio, session } = fakeStudio({ open: () => small }, {}, 5);
  void openFiles(studio, FILES);
  await until(() => studio.store.getState().session?.job.status === 'running');
  const done = compress(studio);
  expect(session().queued).toBe(true);
  await done;
  expect(session().runs).toHaveLength(2);
  const asked = jobsAsked(studio);
  expect(asked.slice(-3)).toEqual(['compress', 'measure', 'measure']);
  expect(session().runs[0]?.measurements).not.toEqual([]);
});

test('Cancel while the baseline is measured also drops the waiting compression', async () => {
  const small = { ...opened, model: { ...model, byteLength: 4e6 } };
  const { studio, session } = fakeStudio({ open: () => small }, {}, 5);
  void openFiles(studio, FILES);
  await until(() => studio.store.getState().session?.job.status === 'running');
  const done = compress(studio);
  cancelJob(studio);
  await done;
  expect(session().runs).toHaveLength(1);
  expect(studio.engine.asked.some(({ method }) => method === 'compress')).toBe(false);
});

test('Cancel while compressing leaves the state before it', async () => {
  const { studio, session, notice } = await openedStudio({}, {}, 5);
  await until(() => session().runs[0]?.output.gzipByteLength !== null); // the original is described
  const before = session().runs;
  const done = compress(studio);
  await until(() => {
    const { job } = session();
    return job.status === 'running' && job.finished.size > 2;
  });
  cancelJob(studio);
  await done;
  expect(session().runs).toBe(before);
  expect(session().job).toEqual({ status: 'idle' });
  expect(notice()).toBe('Cancelled. No run was finished before.');
});

test('Cancel in the benchmark keeps the compressed run', async () => {
  const { studio, session, notice } = await openedStudio({}, {}, 2);
  const done = compress(studio);
  await until(() => {
    const { job } = session();
    return job.status === 'running' && job.phase === 'measure-baseline';
  });
  expect(session().picked).toBe(false);
  selectRun(studio, BASELINE_ID);
  expect(session().picked).toBe(true); // what is finished can be looked at meanwhile
  cancelJob(studio);
  await done;
  expect(session().runs).toHaveLength(2);
  expect(notice()).toBe('Cancelled. 1 finished run is kept.');
});

test('Cancel in the benchmark keeps what it had finished of a new run', async () => {
  const normal = engineHandlers({ stepMs: 0 });
  const { studio, session } = await openedStudio(
    {},
    {
      measure: async (call, options) => {
        if (!normal.measure) throw new Error('no answer');
        const all = await normal.measure(call, options);
        if (call[0].files === null) return all;
        const finished = { ...all, measurements: all.measurements.slice(0, 1) };
        options.onProgress?.({
          ...{ stage: 'session', backend: 'webgpu', done: 0, total: 1, current: '' },
          ...{ elapsedMs: 0, remainingMs: null, accuracy: null, measurements: [], finished },
        });
        cancelJob(studio);
        options.signal?.throwIfAborted();
        return all;
      },
    },
  );
  await compress(studio);
  const [, run] = session().runs;
  expect(session().job.status).toBe('idle');
  expect(run?.measurements.map(({ backend }) => backend)).toEqual(['wasm']);
  expect(run?.accuracy).not.toBeNull();
  expect(run?.warnings.join()).toContain('was cancelled');
});

test('what a cancelled baseline had is shown, and measured again before a run is compared', async () => {
  const normal = engineHandlers({ stepMs: 0 });
  let cancels = true;
  const { studio, session } = await openedStudio(
    {},
    {
      measure: async (call, options) => {
        if (!normal.measure) throw new Error('no answer');
        const finished = await normal.measure(call, options);
        if (!cancels) return finished;
        options.onProgress?.({
          ...{ stage: 'accuracy', backend: 'wasm', done: 9, total: 9, current: '' },
          ...{ elapsedMs: 0, remainingMs: null, accuracy: null, measurements: [], finished },
        });
        cancelJob(studio);
        options.signal?.throwIfAborted();
        return finished;
      },
    },
  );
  await benchmark(studio);
  expect(session().runs[0]?.accuracy).not.toBeNull();
  expect(session().runs[0]?.warnings.join()).toContain('was cancelled');
  cancels = false;
  await compress(studio);
  expect(session().runs.map(({ warnings }) => warnings)).toEqual([[], []]);
  expect(studio.engine.asked.filter(({ method }) => method === 'measure')).toHaveLength(3);
});

test('stopping the scoring keeps what was scored', async () => {
  const { studio, session } = await openedStudio({}, {}, 5);
  const done = benchmark(studio);
  await until(() => {
    const { job } = session();
    return job.status === 'running' && job.stages.length > 0;
  });
  stopScoring(studio);
  await done;
  expect(session().runs[0]?.accuracy).not.toBeNull();
  expect(session().runs[0]?.warnings.join()).toContain('Scoring was stopped');
});

test('after a dead worker the model is opened again', async () => {
  let dead = true;
  const { studio, session } = await openedStudio(
    {},
    {
      measure: () => {
        if (dead) throw new StudioError('worker-failed', 'A worker failed.');
        throw new StudioError('runtime-failed', 'later');
      },
    },
  );
  await benchmark(studio);
  expect(session().engineHasModel).toBe(false);
  dead = false;
  await benchmark(studio);
  expect(studio.engine.asked.filter(({ method }) => method === 'open')).toHaveLength(2);
});

test('a new benchmark replaces what the one before warned of, and not what the compression did; a measured speed, its forecast', async () => {
  const normal = engineHandlers({ stepMs: 0 });
  const said = ['The tab was hidden.'];
  const { studio, session } = await openedStudio(
    {},
    {
      compress: async (...call) => {
        if (!normal.compress) throw new Error('no answer');
        return {
          ...(await normal.compress(...call)),
          warnings: ['2 weights failed.', 'Not faster.', 'Slower than a GPU that was not timed.'],
          forecasts: [
            { message: 'Not faster.', backend: 'wasm' },
            { message: 'Slower than a GPU that was not timed.', backend: 'webgpu' },
          ],
        };
      },
      measure: async (...call) => {
        if (!normal.measure) throw new Error('no answer');
        const measured = await normal.measure(...call);
        const measurements = measured.measurements.map((it) =>
          it.backend === 'webgpu' ? { ...it, latency: null } : it,
        );
        return { ...measured, measurements, warnings: said };
      },
    },
  );
  await compress(studio);
  expect(session().runs.map(({ warnings }) => warnings)).toEqual([
    ['The tab was hidden.'],
    ['2 weights failed.', 'Slower than a GPU that was not timed.', 'The tab was hidden.'],
  ]);
  said.length = 0;
  await benchmark(studio, { runId: BASELINE_ID });
  await benchmark(studio);
  expect(session().runs.map(({ warnings }) => warnings)).toEqual([
    [],
    ['2 weights failed.', 'Slower than a GPU that was not timed.'],
  ]);
});

test('timing again leaves accuracy, answers and fidelity as they were scored', async () => {
  const { studio, session } = await openedStudio();
  await compress(studio);
  const scored = session().runs[1];
  expect(scored?.accuracy).not.toBeNull();
  await benchmark(studio, { timeOnly: true });
  const [request] = studio.engine.asked.filter(({ method }) => method === 'measure').slice(-1);
  expect(request?.args).toMatchObject([{ score: false }]);
  const timed = session().runs[1];
  expect(timed).not.toBe(scored);
  expect(timed?.accuracy).toBe(scored?.accuracy);
  expect(timed?.fidelity).toBe(scored?.fidelity);
});
