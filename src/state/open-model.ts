import type { DroppedFile, Opened } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';
import { areCompanions, together, waitForModel } from './companions.ts';
import { importRecipe } from './edit-recipe.ts';
import { describeOriginal, enterModel, newSession, refuseFiles } from './enter-model.ts';
import { keepOpened } from './keep.ts';
import { benchmark, SMALL_MODEL_BYTES } from './measure-run.ts';
import { resumeWith } from './resume.ts';
import { BASELINE_ID } from './run.ts';
import { openSharedFile, openToReproduce, SHARED_FILE } from './shared.ts';
import type { Studio } from './store.ts';

/** A dropped or chosen file under its path within the folder. */
export type FileToOpen = DroppedFile;

/**
 * Opens dropped or chosen files; a refused model loses nothing that is open. A recipe alone goes to
 * the open model.
 */
export async function openFiles(studio: Studio, files: readonly DroppedFile[]): Promise<void> {
  if (files.length === 0) return;
  if (studio.store.getState().wanted) {
    await resumeWith(studio, files);
    return;
  }
  const [first] = files;
  if (first && files.length === 1 && SHARED_FILE.test(first.path)) {
    await openSharedFile(studio, first);
    return;
  }
  if (studio.store.getState().shared) {
    await openToReproduce(studio, files);
    return;
  }
  const recipeOnly = files.length === 1 && first?.path.endsWith('.recipe.json');
  if (first && recipeOnly && studio.store.getState().session) {
    await importRecipe(studio, first.blob, first.path);
    return;
  }
  if (first && recipeOnly) {
    const message = `${first.path} is a recipe. Open a model first, or drop both together.`;
    refuseFiles(studio, new StudioError('missing-file', message));
    return;
  }
  if (areCompanions(files)) {
    waitForModel(studio, files);
    return;
  }
  const all = together(studio.store.getState().waiting, files);
  const what = files.length === 1 && first ? first.path : `${files.length} files`;
  await openFresh(studio, what, (signal) => studio.desk.call('open', [all], { signal }));
}

export async function openSample(studio: Studio, id: string): Promise<void> {
  await openFresh(studio, `sample ${id}`, (signal) =>
    studio.desk.call('openSample', [id], { signal }),
  );
}

/** A sample that an address names: measuring waits for a click. */
export async function openSampleUnmeasured(studio: Studio, id: string): Promise<void> {
  await openFresh(
    studio,
    `sample ${id}`,
    (signal) => studio.desk.call('openSample', [id], { signal }),
    false,
  );
}

async function openFresh(
  studio: Studio,
  what: string,
  ask: (signal: AbortSignal) => Promise<Opened>,
  measures = true,
): Promise<void> {
  const entered = await enterModel(studio, what, async (signal) => {
    const opened = await ask(signal);
    return { opened, session: newSession(studio, opened) };
  });
  if (!entered) return;
  void keepAndDescribe(studio);
  if (measures) await measureSmallOriginal(studio);
}

/** Kept first: what is hashed for that is known then, and a reload may come soon. */
async function keepAndDescribe(studio: Studio): Promise<void> {
  await keepOpened(studio);
  await describeOriginal(studio);
}

async function measureSmallOriginal(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (session && session.model.byteLength < SMALL_MODEL_BYTES) {
    await benchmark(studio, { runId: BASELINE_ID, byItself: true });
  }
}
