import { expect, test } from 'vitest';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { type DataMapping, type MappingNeed, NO_MAPPING } from '../report/data-mapping.ts';
import { guessMapping } from './guess-mapping.ts';
import { mapData, showMatching } from './map-data.ts';
import { benchmark } from './measure-run.ts';
import { openFiles } from './open-model.ts';
import { isMeasured } from './run.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { opened } from './testing/minilm.ts';
import { fakeStudio, openedStudio, until } from './testing/open-studio.ts';
import { watchMatching } from './watch-matching.ts';

const COLUMNS: MappingNeed = {
  kind: 'columns',
  file: 'reviews.csv',
  reason: 'reviews.csv has no column "text" or "sentence".',
  missing: ['text', 'label'],
  columns: ['id', 'review', 'stars'],
  examples: [['1', 'fine', 'good']],
};
const LABELS: MappingNeed = {
  kind: 'labels',
  file: 'reviews.csv',
  reason: 'reviews.csv: row 1 has the label "good".',
  values: [{ value: 'good', row: 1, count: 3 }],
  classes: ['NEGATIVE', 'POSITIVE'],
};
const TEXT: DataMapping = { ...NO_MAPPING, columns: { text: 'review', label: 'stars' } };
const ALL: DataMapping = { ...TEXT, labels: { good: 1 } };

/** A desk whose rows want columns first, then labels. */
const desk: FakeHandlers<DeskCalls> = {
  open: () => ({ ...opened, dataset: { ...opened.dataset, needsMapping: [COLUMNS] } }),
  remap: ([, mapping]) => ({
    ...opened.dataset,
    needsMapping: !mapping ? [COLUMNS] : 'good' in mapping.labels ? [] : [LABELS],
  }),
};
const engine = { remap: () => null };
const settled = async ({ session }: Awaited<ReturnType<typeof openedStudio>>) => {
  await until(() => session().job.status === 'idle' && session().remapping.status === 'idle');
};

test('what is mapped opens the next question, and every question stays to be answered anew', async () => {
  const it = await openedStudio(desk, engine);
  await settled(it);
  expect(it.session().needs).toEqual([COLUMNS]);
  await mapData(it.studio, TEXT);
  expect(it.session()).toMatchObject({ mapping: TEXT, needs: [COLUMNS, LABELS] });
  await mapData(it.studio, ALL);
  expect(it.session().dataset.needsMapping).toEqual([]);
  expect(it.session().needs).toEqual([COLUMNS, LABELS]);
  await mapData(it.studio, null);
  expect(it.session().mapping).toBeNull();
});

test('the original is asked about labels while the dialog is open and no job runs', async () => {
  const answers = [{ value: 'good', rows: 3, classes: [{ index: 1, count: 3 }] }];
  let calls = 0;
  const it = await openedStudio(desk, {
    ...engine,
    askLabels: () => {
      calls++;
      if (calls === 1) throw new StudioError('busy', 'The engine is busy.');
      return answers;
    },
  });
  const stop = watchMatching(it.studio);
  const asked = () => it.studio.engine.asked.filter(({ method }) => method === 'askLabels');
  showMatching(it.studio, true);
  await mapData(it.studio, TEXT); // columns alone: now labels are asked for
  await until(() => calls === 1 && it.session().labelAsking.status === 'none');
  expect(asked()[0]?.args).toEqual([it.session().model.id, ['good']]);
  showMatching(it.studio, false);
  showMatching(it.studio, true);
  await until(() => it.session().labelAsking.status === 'ready');
  expect(it.session().labelAsking).toEqual({ status: 'ready', answers });
  const before = asked().length;
  showMatching(it.studio, true);
  expect(asked()).toHaveLength(before);
  await mapData(it.studio, ALL);
  expect(it.session().mapping).toEqual(ALL);
  stop();
});

test('figures of other rows do not stay', async () => {
  const it = await openedStudio(desk, engine);
  await benchmark(it.studio);
  expect(it.session().runs.some(isMeasured)).toBe(true);
  await mapData(it.studio, TEXT);
  expect(it.session().runs.some(isMeasured)).toBe(false);
});

test('the engine reads the rows under the same mapping, now or when it opens the model', async () => {
  const it = await openedStudio(desk, engine);
  const told = () =>
    it.studio.engine.asked.filter(({ args }) => args.includes(ALL)).map(({ method }) => method);
  await mapData(it.studio, ALL);
  expect(told()).toEqual([]);
  await benchmark(it.studio);
  expect(told()).toEqual(['open']);
  await mapData(it.studio, ALL);
  expect(told()).toEqual(['open', 'remap']);
});

test('a mapping is kept for the model, and taken at the next opening if it still answers', async () => {
  const first = await openedStudio(desk, engine);
  await settled(first);
  await mapData(first.studio, ALL);
  const [[key = '', text = ''] = []] = [...first.notes];
  const again = fakeStudio(desk, engine);
  again.notes.set(key, text);
  await openFiles(again.studio, [{ path: 'model.onnx', blob: new Blob(['x']) }]);
  expect(again.session().mapping).toEqual(ALL);

  const other = fakeStudio(desk, engine);
  other.notes.set(key, JSON.stringify({ ...ALL, columns: { text: 'gone' } }));
  await openFiles(other.studio, [{ path: 'model.onnx', blob: new Blob(['x']) }]);
  expect(other.session().mapping).toBeNull();
});

test('a kept mapping that cannot be read is forgotten', async () => {
  const first = await openedStudio(desk, engine);
  await settled(first);
  await mapData(first.studio, ALL);
  const [[key = ''] = []] = [...first.notes];
  const again = fakeStudio(desk, engine);
  again.notes.set(key, '{"columns": 3}');
  await openFiles(again.studio, [{ path: 'model.onnx', blob: new Blob(['x']) }]);
  expect(again.session().mapping).toBeNull();
  expect(again.notes.has(key)).toBe(false);
});

test('rows that cannot be read under the mapping leave everything as it was', async () => {
  const it = await openedStudio(
    { ...desk, remap: () => Promise.reject(new StudioError('bad-dataset', 'row 3 is not text')) },
    engine,
  );
  await settled(it);
  const before = it.session();
  await mapData(it.studio, TEXT);
  expect(it.session()).toMatchObject({ mapping: null, dataset: before.dataset });
  expect(it.session().remapping.status).toBe('failed');
  expect(it.notice()).toBe('row 3 is not text');
});

test('guesses are made from names and types that are nearly alike, and never replace a choice', () => {
  const labels: MappingNeed = {
    ...LABELS,
    values: ['pos', 'neg', 'so-so'].map((value, row) => ({ value, row, count: 1 })),
  };
  expect(guessMapping([labels], null).labels).toEqual({ pos: 1, neg: 0 });
  expect(guessMapping([labels], { ...NO_MAPPING, labels: { pos: 0 } }).labels['pos']).toBe(0);
  const inputs: MappingNeed = {
    kind: 'inputs',
    file: 'test.npz',
    reason: '',
    inputs: [
      { name: 'pixels', type: 'float32 n × 64' },
      { name: 'mask', type: 'int64 n × 8' },
    ],
    arrays: [
      { name: 'images', type: 'float32 n × 64' },
      { name: 'a', type: 'int64 n × 8' },
      { name: 'b', type: 'int64 n × 8' },
    ],
  };
  expect(guessMapping([inputs], null).inputs).toEqual({ pixels: 'images' });
  expect(guessMapping([COLUMNS], null)).toEqual(NO_MAPPING);
});
