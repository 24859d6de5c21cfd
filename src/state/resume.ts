/** What an earlier visit left: listed, continued, resumed or deleted. Nothing starts by itself. */
import type { Restored } from '../bridge/keeping-calls.ts';
import type { DroppedFile } from '../bridge/opened.ts';
import { formatBytes, formatCount } from '../report/format.ts';
import type { KeptSession } from '../report/kept.ts';
import { resumeCompression } from './compress.ts';
import { describeOriginal, enterModel, newSession } from './enter-model.ts';
import { toFailure } from './failure.ts';
import { forgetMapping } from './map-data.ts';
import { BASELINE_ID, type Run } from './run.ts';
import type { Session, Wanted } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';

/** Reads the list of what is kept. */
export async function loadKept(studio: Studio): Promise<void> {
  try {
    const sessions = await studio.desk.call('sessions', []);
    studio.store.setState({ kept: { status: 'ready', sessions } });
    const elsewhere = sessions.filter(({ openElsewhere }) => openElsewhere);
    if (elsewhere.length > 0) void followTabs(studio, elsewhere);
  } catch (error) {
    const failure = toFailure(error);
    studio.store.setState({ kept: { status: 'failed', failure } });
    if (failure.code === 'bug') throw error;
  }
}

const following = new WeakSet<Studio['store']>();

/** Reads the list again when another tab has left one of `sessions`; a reloaded page is one, too. */
async function followTabs(studio: Studio, sessions: readonly KeptSession[]): Promise<void> {
  if (following.has(studio.store)) return;
  following.add(studio.store);
  try {
    await studio.desk.call('whenLeft', [sessions.map(({ id }) => id)]);
  } finally {
    following.delete(studio.store);
  }
  if (studio.store.getState().session === null) await loadKept(studio);
}

/** Opens a kept model with its runs; an unfinished job waits to be resumed. */
export async function continueKept(studio: Studio, kept: KeptSession): Promise<void> {
  await openKept(studio, { kept, resume: false });
}

/** Opens a kept model, and its unfinished job goes on where it stopped. */
export async function resumeKept(studio: Studio, kept: KeptSession): Promise<void> {
  await openKept(studio, { kept, resume: true });
}

async function openKept(studio: Studio, wanted: Wanted): Promise<void> {
  if (wanted.kept.filesKept) await restore(studio, wanted, null);
  else askForFiles(studio, wanted);
}

/** Goes on with the files that were asked for; others are refused by name. */
export async function resumeWith(studio: Studio, files: readonly DroppedFile[]): Promise<void> {
  const { wanted } = studio.store.getState();
  if (wanted) await restore(studio, wanted, files);
}

/** The person does not have the files at hand. */
export function stopAskingForFiles(studio: Studio): void {
  const { wanted } = studio.store.getState();
  if (!wanted) return;
  studio.store.setState({ wanted: null });
  notify(studio, 'plain', `Not now. ${wanted.kept.title} stays kept.`);
}

/** Drops an unfinished job of a session that is not open. */
export async function discardKept(studio: Studio, { id, title, job }: KeptSession): Promise<void> {
  const what = job ? `the unfinished ${job.name} of ${title}` : title;
  await change(studio, () => studio.desk.call('discardJob', [id]), `Discarded ${what}.`);
}

/** Deletes a session with all that was done with it. */
export async function forgetKept(studio: Studio, kept: KeptSession): Promise<void> {
  const { title, diskBytes } = kept;
  const done = `Deleted ${title}, ${formatBytes(diskBytes)}.`;
  await change(studio, () => forget(studio, kept), done);
}

/** Deletes every session but those that other tabs have open. */
export async function forgetAllKept(studio: Studio): Promise<void> {
  const { kept } = studio.store.getState();
  if (kept.status !== 'ready') return;
  const own = kept.sessions.filter(({ openElsewhere }) => !openElsewhere);
  const bytes = own.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  const done = `Deleted ${formatCount(own.length)} ${own.length === 1 ? 'model' : 'models'}, ${formatBytes(bytes)}.`;
  const forgetEach = async () => {
    for (const session of own) await forget(studio, session);
    return null;
  };
  await change(studio, forgetEach, done);
}

/** Takes up the unfinished job of the open model. */
export async function resumeUnfinished(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session?.unfinished) return;
  const { runId, name, recipe, plannedBytes, startedAt, benchmarkAfter } = session.unfinished;
  const task: Task = {
    ...{ kind: 'compress', runId, name, recipe, plannedBytes },
    startedAt: new Date(startedAt),
  };
  updateSession(studio, session.model.id, () => ({ benchmarkAfter }));
  await resumeCompression(studio, task);
}

/** Drops the unfinished job of the open model. */
export async function discardUnfinished(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session?.unfinished || session.keeping.status !== 'kept') return;
  const { name } = session.unfinished;
  const { sessionId } = session.keeping;
  updateSession(studio, session.model.id, () => ({ unfinished: null }));
  await change(
    studio,
    () => studio.desk.call('keepJob', [sessionId, null]),
    `Discarded the unfinished ${name}.`,
  );
}

async function forget(studio: Studio, { id, title }: KeptSession): Promise<null> {
  await studio.desk.call('forget', [id]);
  const { kept } = studio.store.getState();
  const others = kept.status === 'ready' ? kept.sessions.filter((it) => it.id !== id) : [];
  if (others.every((it) => it.title !== title)) forgetMapping(studio, title);
  return null;
}

function askForFiles({ store }: Studio, wanted: Wanted): void {
  const { kept } = wanted;
  store.setState({ wanted, opening: { status: 'idle' } });
  const names = kept.files.map(({ path }) => path).join(', ');
  notify({ store }, 'warn', `${kept.title} is not kept here: open its files again (${names}).`);
}

async function restore(
  studio: Studio,
  wanted: Wanted,
  files: readonly DroppedFile[] | null,
): Promise<void> {
  const { kept, resume } = wanted;
  let unreadable = 0;
  const entered = await enterModel(studio, kept.title, async (signal) => {
    const restored = await studio.desk.call('restore', [kept.id, files], { signal });
    unreadable = restored.unreadableRuns;
    return { opened: restored.opened, session: restoredSession(studio, restored) };
  });
  const { opening } = studio.store.getState();
  if (!entered && opening.status === 'failed' && opening.failure.code === 'missing-file') {
    studio.store.setState({ wanted }); // what was kept is gone by now
  }
  if (!entered) return;
  if (unreadable > 0) notify(studio, 'warn', unreadableSentence(unreadable, kept.title));
  void describeOriginal(studio);
  if (resume) await resumeUnfinished(studio);
}

function restoredSession(
  studio: Studio,
  { opened, keeping, recipe, budgetBytes, runs }: Restored,
): Session {
  const fresh = newSession(studio, opened);
  const kept = runs.map(({ report, files }): Run => {
    const { format: _, version: __, model: ___, ...run } = report;
    return { ...run, files };
  });
  const baseline = kept.find(({ id }) => id === BASELINE_ID);
  const own = kept.filter(({ id }) => id !== BASELINE_ID);
  return {
    ...fresh,
    recipe: recipe ?? fresh.recipe,
    budgetBytes,
    runs: [...(baseline ? [baseline] : fresh.runs), ...own],
    selectedRunId: own.at(-1)?.id ?? BASELINE_ID,
    runsNotKept: new Set(own.filter(({ files }) => files?.length === 0).map(({ id }) => id)),
    keeping: { status: 'kept', sessionId: keeping.sessionId },
    unfinished: keeping.job,
  };
}

function unreadableSentence(count: number, title: string): string {
  const [runs, them] = count === 1 ? ['run', 'it. It stays'] : ['runs', 'them. They stay'];
  const were = count === 1 ? 'was' : 'were';
  return `${formatCount(count)} ${runs} of ${title} ${were} kept by another version of Whittle, and this one cannot read ${them}.`;
}

async function change(studio: Studio, act: () => Promise<null>, done: string): Promise<void> {
  try {
    await act();
    notify(studio, 'plain', done);
  } catch (error) {
    const failure = toFailure(error);
    notify(studio, 'bad', failure.message);
    if (failure.code === 'bug') throw error;
  }
  await loadKept(studio);
}
