import { expect, test, vi } from 'vitest';
import type { DeskCalls } from '../bridge/protocol.ts';
import { type MappingNeed, NO_MAPPING } from '../report/data-mapping.ts';
import { unpackRecipe } from '../report/recipe-link.ts';
import { unpackShared } from '../report/shared-result.ts';
import { compress } from './compress.ts';
import { mapData } from './map-data.ts';
import { openAddress } from './open-address.ts';
import { openFiles } from './open-model.ts';
import { copyRecipeLink, copyShareLink, saveHandOver } from './share.ts';
import { leaveShared, reproduce, reproduced, takeSharedRecipe } from './shared.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { opened } from './testing/minilm.ts';
import { FILES, fakeStudio, openedStudio, until } from './testing/open-studio.ts';

const ONLY = { path: 'model.onnx', byteLength: 90_902_856, sha256: 'ab'.repeat(32) };
const sameFile = { hashModel: async () => [ONLY] };

/** A link to a measured run of the MiniLM-like model. */
async function sharedLink(): Promise<string> {
  const it = await openedStudio(sameFile);
  await compress(it.studio);
  await copyShareLink(it.studio);
  expect(it.notice()).toMatch(/^Copied a link of \d\.\d KB: the recipe, the numbers/);
  return it.copied[0] ?? '';
}

test('a link shows its result elsewhere without opening or running anything', async () => {
  const link = await sharedLink();
  const { studio } = fakeStudio();
  await openAddress(studio, new URL(link));
  const { shared, session } = studio.store.getState();
  expect(session).toBeNull();
  expect(shared?.check).toEqual({ status: 'none' });
  expect(shared?.result.title).toBe('sentiment-minilm');
  expect(shared?.result.steps).toHaveLength(2);
  expect(shared?.linkLength).toBe(link.length - link.indexOf('=') - 1);
  expect(studio.desk.asked).toEqual([]);
  expect(studio.engine.asked).toEqual([]);
});

test('the same model, under another name, is accepted; a click then runs the recipe', async () => {
  const link = await sharedLink();
  const it = fakeStudio({
    ...sameFile,
    identify: async () => ({ ...identity, sha256: 'f'.repeat(64) }),
  });
  const { studio } = it;
  await openAddress(studio, new URL(link));
  await openFiles(studio, FILES);
  expect(studio.store.getState().shared?.check).toEqual({ status: 'same' });
  expect(it.session().recipe).toEqual(studio.store.getState().shared?.result.run.recipe);
  expect(studio.engine.asked.filter(({ method }) => method === 'compress')).toEqual([]);
  expect(reproduced(studio.store.getState())).toBeNull();
  await reproduce(studio);
  expect(reproduced(studio.store.getState())?.accuracy).not.toBeNull();
  leaveShared(studio);
  expect(studio.store.getState().shared).toBeNull();
  expect(it.session().runs).toHaveLength(2);
});

const identity = { name: 'model.onnx', sha256: 'e'.repeat(64), byteLength: 9, parameterCount: 2 };

test('another model is refused by name, and may take the recipe instead', async () => {
  const link = await sharedLink();
  const it = fakeStudio({
    identify: async () => identity,
    hashModel: async () => [{ ...ONLY, sha256: 'cd'.repeat(32) }],
  });
  const { studio } = it;
  await openAddress(studio, new URL(link));
  await openFiles(studio, FILES);
  expect(studio.store.getState().shared?.check).toMatchObject({ status: 'other', identity });
  expect(it.notice()).toMatch(/model.onnx is another model than/);
  await reproduce(studio);
  expect(studio.engine.asked.filter(({ method }) => method === 'compress')).toEqual([]);
  const recipe = studio.store.getState().shared?.result.run.recipe;
  takeSharedRecipe(studio);
  expect(it.session().recipe).toEqual(recipe);
  expect(studio.store.getState().shared).toBeNull();
});

test('a recipe from a link waits for the next model', async () => {
  const from = await openedStudio();
  await copyRecipeLink(from.studio);
  const link = new URL(from.copied[0] ?? '');
  expect(unpackRecipe(link.searchParams.get('recipe') ?? '')).toEqual(from.session().recipe);
  const it = fakeStudio();
  await openAddress(it.studio, link);
  expect(it.studio.desk.asked).toEqual([]);
  await openFiles(it.studio, FILES);
  await until(() => it.session().planning.status === 'ready');
  expect(it.session().recipe).toEqual(from.session().recipe);
  expect(it.studio.store.getState().offered).toBeNull();
});

test('a sample from an address opens and is not measured', async () => {
  const it = fakeStudio();
  await openAddress(it.studio, new URL('https://whittle.example/?sample=digits'));
  await vi.waitFor(() => expect(it.session().identity.status).toBe('known'));
  expect(it.studio.engine.asked).toEqual([]);
});

test.each([
  ['#r=AAAA', /cut off or damaged/],
  ['?recipe=!', /characters that no link has/],
])('a bad address %s keeps what is open', async (address, problem) => {
  const it = await openedStudio();
  await openAddress(it.studio, new URL(address, 'https://whittle.example/'));
  expect(it.studio.store.getState().opening).toMatchObject({
    status: 'failed',
    failure: { code: 'bad-link', message: expect.stringMatching(problem) },
  });
  expect(it.session().model.title).toBe('sentiment-minilm');
});

test('what the clipboard refuses is shown to be copied by hand', async () => {
  const it = await openedStudio(sameFile);
  await compress(it.studio);
  it.studio.effects.copy = async () => {
    throw new DOMException('no', 'NotAllowedError');
  };
  await copyShareLink(it.studio);
  expect(it.studio.store.getState().handOver).toMatchObject({ kind: 'copy' });
});

test('what no link holds leaves as a file that opens again', async () => {
  const link = await sharedLink();
  const content = new Blob([JSON.stringify(unpackShared(link.slice(link.indexOf('=') + 1)))]);
  const it = fakeStudio();
  const handOver = { kind: 'file', fileName: 'x.shared.json', content } as const;
  it.studio.store.setState({ handOver });
  saveHandOver(it.studio);
  const saved = it.saved.get('x.shared.json') ?? new Blob();
  await openFiles(it.studio, [{ path: 'x.shared.json', blob: saved }]);
  const { shared } = it.studio.store.getState();
  expect(shared?.linkLength).toBeNull();
  expect(shared?.result).toEqual(unpackShared(link.slice(link.indexOf('=') + 1)));
});

test('names that they matched by hand are matched alike, so that accuracy is measured here', async () => {
  const need: MappingNeed = {
    kind: 'labels',
    file: 'reviews.csv',
    reason: 'reviews.csv: row 1 has the label "good".',
    values: [{ value: 'good', row: 1, count: 3 }],
    classes: ['class 0', 'class 1'],
  };
  const mapping = { ...NO_MAPPING, labels: { good: 1 } };
  const desk: FakeHandlers<DeskCalls> = {
    ...sameFile,
    open: () => ({ ...opened, dataset: { ...opened.dataset, needsMapping: [need] } }),
    remap: () => opened.dataset,
  };
  const from = await openedStudio(desk, { remap: () => null });
  await mapData(from.studio, mapping);
  await compress(from.studio);
  await copyShareLink(from.studio);
  const it = fakeStudio(desk, { remap: () => null });
  await openAddress(it.studio, new URL(from.copied[0] ?? ''));
  await openFiles(it.studio, FILES);
  expect(it.session().mapping).toEqual(mapping);
  expect(it.session().dataset.needsMapping).toEqual([]);
});
