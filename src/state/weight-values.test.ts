import { expect, test } from 'vitest';
import type { RunOnFile } from '../bridge/protocol.ts';
import type { Focus } from '../report/weight-values.ts';
import { selectRun } from './compare.ts';
import { compress, setBenchmarkAfter } from './compress.ts';
import { selectWeight } from './look-at.ts';
import { values } from './testing/minilm.ts';
import { openedStudio, until } from './testing/open-studio.ts';
import { focusValues } from './weight-values.ts';

const QUERY = 'encoder.layer.0.attention.self.query.weight';

test('values are read again for another weight, part and run, and only then', async () => {
  const asked: [string, RunOnFile | null, Focus | null][] = [];
  const { studio, session } = await openedStudio({
    values: ([, weight, run, focus]) => {
      asked.push([weight, run, focus]);
      return values;
    },
  });
  const settled = () => until(() => session().values.status === 'ready');
  selectWeight(studio, QUERY);
  await settled();
  expect(asked.at(-1)).toEqual([QUERY, null, null]);
  const before = asked.length;
  selectWeight(studio, QUERY);
  await settled();
  expect(asked).toHaveLength(before);

  focusValues(studio, { channel: 3, block: null });
  expect(session().values).toMatchObject({ status: 'loading', shown: values });
  await settled();
  expect(asked.at(-1)?.[2]).toEqual({ channel: 3, block: null });

  await compress(studio);
  const run = session().runs.at(-1);
  expect(run?.kind).toBe('run');
  await until(() => asked.at(-1)?.[1]?.runId === run?.id);
  await settled();
  const row = run?.weights.find(({ name }) => name === QUERY);
  expect(asked.at(-1)?.[1]).toMatchObject({ files: run?.files, sqnrDb: row?.sqnrDb, failed: [] });
});

test('a weight is read as soon as a run has finished it, unless another run is picked', async () => {
  const asked: [string, RunOnFile | null][] = [];
  const holds = {
    payloads: [['t', new Blob(['x'])]],
    failed: [],
    ranks: [],
    cutDims: [],
    dropped: [],
  } as const;
  const { studio, session } = await openedStudio(
    {
      values: ([, weight, run]) => {
        asked.push([weight, run]);
        return values;
      },
    },
    { finishedWeight: ([, weight]) => (weight === QUERY ? holds : null) },
    20,
  );
  setBenchmarkAfter(studio, false);
  selectWeight(studio, QUERY);
  await until(() => session().values.status === 'ready');
  const running = compress(studio);
  await until(() => asked.at(-1)?.[1]?.payloads !== null && asked.at(-1)?.[1] !== null);
  const { job } = session();
  if (job.status !== 'running') throw new Error('it runs');
  const row = job.finished.get(QUERY);
  expect(asked.at(-1)?.[1]).toEqual({
    ...{ runId: job.task.runId, recipe: job.task.recipe, files: [], sqnrDb: row?.sqnrDb },
    ...holds,
  });
  const before = asked.length;
  await until(() => session().values.status === 'ready');
  const [other] = [...job.finished.keys()].filter((name) => name !== QUERY);
  selectWeight(studio, other ?? '');
  await until(() => asked.length > before && session().values.status === 'ready');
  expect(asked.at(-1)).toEqual([other, null]);
  expect(session().values).toMatchObject({
    values: { missing: expect.stringMatching(/holds this run no more/) },
  });
  selectRun(studio, session().runs[0]?.id ?? '');
  selectWeight(studio, QUERY);
  await until(() => asked.at(-1)?.[0] === QUERY);
  expect(asked.at(-1)).toEqual([QUERY, null]);
  await running;
  expect(session().selectedRunId, 'who looks at another run goes on with it').toBe('baseline');
  selectRun(studio, session().runs[1]?.id ?? '');
  await until(() => asked.at(-1)?.[1]?.payloads === null);
  expect(asked.at(-1)?.[1]?.files).toHaveLength(1);
});

test('what the run left alone is read of the original only, and lost files are told', async () => {
  const asked: (RunOnFile | null)[] = [];
  const { studio, session } = await openedStudio({
    values: ([, , run]) => {
      asked.push(run);
      return values;
    },
  });
  await compress(studio);
  selectWeight(studio, 'encoder.layer.0.output.dense.bias');
  await until(() => session().values.status === 'ready');
  expect(asked.at(-1)).toBeNull();
  const runs = session().runs.map((run) => (run.files ? { ...run, files: [] } : run));
  studio.store.setState({ session: { ...session(), runs } });
  selectWeight(studio, QUERY);
  await until(() => session().values.status === 'ready');
  expect(asked.at(-1)).toBeNull();
  expect(session().values).toMatchObject({
    values: { missing: expect.stringMatching(/was not kept/) },
  });
});
