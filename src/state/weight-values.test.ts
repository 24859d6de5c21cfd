import { expect, test } from 'vitest';
import type { RunOnFile } from '../bridge/protocol.ts';
import type { Focus } from '../report/weight-values.ts';
import { compress } from './compress.ts';
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
