/** A shared result on the screen: what it claims, and whether the model at hand is the same one. */
import type { DroppedFile, Opened } from '../bridge/opened.ts';
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';
import { formatBytes } from '../report/format.ts';
import type { ModelIdentity, ModelSummary } from '../report/model-summary.ts';
import type { OutputFile } from '../report/report.ts';
import { parseShared, type SharedResult } from '../report/shared-result.ts';
import { compress } from './compress.ts';
import { describeOriginal, enterModel, newSession, refuseFiles } from './enter-model.ts';
import { isCancelled, toFailure } from './failure.ts';
import { keepOpened } from './keep.ts';
import { offerMapping } from './map-data.ts';
import { sameRecipe } from './recipe-name.ts';
import type { Run } from './run.ts';
import { setRecipe } from './set-recipe.ts';
import type { SharedCheck } from './shared-view.ts';
import type { Session, State } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** Files with this ending hold a shared result. */
export const SHARED_FILE = /\.shared\.json$/i;

const MAX_SHARED_BYTES = 10_000_000;

/** Shows `result`; an open model stays open and is compared with the one it is of. */
export function showShared(studio: Studio, result: SharedResult, linkLength: number | null): void {
  const { session, opening } = studio.store.getState();
  const failedBefore = opening.status === 'failed';
  studio.store.setState({
    shared: { result, linkLength, check: { status: 'none' } },
    ...(failedBefore && { opening: { status: 'idle' } }),
  });
  notify(studio, 'plain', 'Showing a shared result. Nothing was run on this device.');
  if (session) void checkIdentity(studio);
}

export async function openSharedFile(studio: Studio, { path, blob }: DroppedFile): Promise<void> {
  try {
    if (blob.size > MAX_SHARED_BYTES) {
      const most = formatBytes(MAX_SHARED_BYTES);
      throw new StudioError(
        'too-large',
        `${path} has ${formatBytes(blob.size)}; at most ${most} are read.`,
      );
    }
    showShared(studio, parseShared(parseJson(await blob.text(), path, 'bad-link')), null);
  } catch (error) {
    refuseFiles(studio, error);
  }
}

/** Opens what should be the model of the shared result, and says whether it is. Nothing runs. */
export async function openToReproduce(
  studio: Studio,
  files: readonly DroppedFile[],
): Promise<void> {
  const [first] = files;
  const what = files.length === 1 && first ? first.path : `${files.length} files`;
  await openAndCheck(studio, what, (signal) => studio.desk.call('open', [files], { signal }));
}

/** As `openToReproduce`, with a built-in sample. */
export async function openSampleToReproduce(studio: Studio, id: string): Promise<void> {
  await openAndCheck(studio, `sample ${id}`, (signal) =>
    studio.desk.call('openSample', [id], { signal }),
  );
}

async function openAndCheck(
  studio: Studio,
  what: string,
  ask: (signal: AbortSignal) => Promise<Opened>,
): Promise<void> {
  const entered = await enterModel(studio, what, async (signal) => {
    const opened = await ask(signal);
    return { opened, session: newSession(studio, opened) };
  });
  if (entered) await checkIdentity(studio);
}

async function checkIdentity(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, background } = session;
  const { signal } = background;
  setCheck(studio, { status: 'checking' });
  try {
    const identity = await studio.desk.call('identify', [model.id], { signal });
    const files = await studio.desk.call('hashModel', [model.id], { signal });
    const { shared, session: now } = studio.store.getState();
    if (!shared || now?.model.id !== model.id) return;
    updateSession(studio, model.id, () => ({ identity: { status: 'known', identity } }));
    if (isSameModel(shared.result, identity, files)) await accept(studio, shared.result, model);
    else refuse(studio, shared.result, identity, files);
  } catch (error) {
    if (isCancelled(error)) return;
    const failure = toFailure(error);
    setCheck(studio, { status: 'failed', failure });
    notify(studio, 'bad', failure.message);
    if (failure.code === 'bug') throw error;
  }
}

async function accept(
  studio: Studio,
  { run, mapping }: SharedResult,
  { fileName }: ModelSummary,
): Promise<void> {
  setCheck(studio, { status: 'same' });
  setRecipe(studio, run.recipe);
  if (mapping) await offerMapping(studio, mapping);
  notify(
    studio,
    'good',
    `${fileName} is the same model: SHA-256 agrees. Reproduce runs the recipe.`,
  );
  void keepAndDescribe(studio);
}

function refuse(
  studio: Studio,
  { run }: SharedResult,
  identity: ModelIdentity,
  files: readonly OutputFile[],
): void {
  setCheck(studio, { status: 'other', identity, files });
  notify(
    studio,
    'bad',
    `${identity.name} is another model than ${run.model.name}. Nothing was run.`,
  );
}

/**
 * The identities agree; or every file does, under whatever name: an identity is of names, too.
 * - `files` — of the model at hand
 */
export function isSameModel(
  { run, baseline }: SharedResult,
  identity: ModelIdentity,
  files: readonly OutputFile[],
): boolean {
  if (run.model.sha256 === identity.sha256) return true;
  const theirs = digestsOf(baseline.output.files);
  return theirs !== '' && theirs === digestsOf(files);
}

const digestsOf = (files: readonly OutputFile[]): string =>
  files
    .map(({ sha256, byteLength }) => `${sha256} ${byteLength}`)
    .sort()
    .join('\n');

function setCheck({ store }: Studio, check: SharedCheck): void {
  const { shared } = store.getState();
  if (shared) store.setState({ shared: { ...shared, check } });
}

async function keepAndDescribe(studio: Studio): Promise<void> {
  await keepOpened(studio);
  await describeOriginal(studio);
}

/** Runs the shared recipe on the model that was found to be the same, and measures it. */
export async function reproduce(studio: Studio): Promise<void> {
  const { shared, session } = studio.store.getState();
  if (!session || shared?.check.status !== 'same') return;
  const { recipe } = shared.result.run;
  if (!sameRecipe(session.recipe, recipe)) setRecipe(studio, recipe);
  updateSession(studio, session.model.id, () => ({ benchmarkAfter: true }));
  await compress(studio);
}

/** What was run here of the shared result: the original and its run, once they are there. */
export function reproduced({ shared, session }: Pick<State, 'shared' | 'session'>): Run | null {
  if (!session || shared?.check.status !== 'same') return null;
  const { recipe } = shared.result.run;
  return session.runs.findLast((run) => run.recipe && sameRecipe(run.recipe, recipe)) ?? null;
}

/** Leaves the shared result for the workbench, or for the start screen if no model is open. */
export function leaveShared(studio: Studio): void {
  studio.store.setState({ shared: null });
  studio.effects.leaveLink();
}

/** Takes the shared recipe to the open model, or keeps it for the next one that is opened. */
export function takeSharedRecipe(studio: Studio): void {
  const { shared, session } = studio.store.getState();
  if (!shared) return;
  const { recipe } = shared.result.run;
  leaveShared(studio);
  if (!session) {
    offerRecipe(studio, recipe);
    return;
  }
  setRecipe(studio, recipe);
  notify(studio, 'plain', `The recipe is ${recipe.name}. Compress runs it on this model.`);
  if (session.keeping.status === 'pending') void keepAndDescribe(studio);
}

/** Keeps `recipe` for the next model; it never runs by itself. */
export function offerRecipe(studio: Studio, recipe: Session['recipe']): void {
  studio.store.setState({ offered: recipe });
  notify(studio, 'plain', `The recipe ${recipe.name} waits for a model. Open one.`);
}
