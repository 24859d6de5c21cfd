/** The desk's part of keeping things: what the page asks for, on what the browser stores. */
import type { Keeping, Restored } from '../bridge/keeping-calls.ts';
import type { DroppedFile } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatExactBytes } from '../report/format.ts';
import type { KeptRun, KeptSession, UnfinishedJob } from '../report/kept.ts';
import type { HashedFile } from '../storage/kept-files.ts';
import { KeptSessions } from '../storage/kept-sessions.ts';
import type { Hold } from '../storage/locks.ts';
import type { SessionRecord } from '../storage/records.ts';
import { inAnotherTab } from '../storage/session-locks.ts';
import type { Storage } from '../storage/storage.ts';
import { hashFiles, identityOf } from './digest.ts';
import { titleOf } from './model-summary.ts';
import type { Sessions } from './sessions.ts';

interface OpenSession {
  /** The right to work on it. */
  readonly hold: Hold;
  readonly sessionId: string;
  readonly files: readonly HashedFile[];
}

export class Keeper {
  readonly #openStorage: () => Promise<Storage>;
  readonly #sessions: Sessions;
  #kept: Promise<KeptSessions> | null = null;
  readonly #open = new Map<string, OpenSession>();

  /** `openStorage` — opens the browser's storage; @throws no-storage */
  constructor(openStorage: () => Promise<Storage>, sessions: Sessions) {
    this.#openStorage = openStorage;
    this.#sessions = sessions;
  }

  async list(): Promise<readonly KeptSession[]> {
    const kept = await this.#ready();
    await kept.sweep(0);
    return kept.list();
  }

  async whenLeft(sessionIds: readonly string[]): Promise<void> {
    await (await this.#ready()).whenLeft(sessionIds);
  }

  async keep(
    modelId: string,
    files: readonly DroppedFile[],
    signal: AbortSignal,
  ): Promise<Keeping> {
    const kept = await this.#ready();
    const hashed = await hashFiles(this.#asHeld(modelId, files), signal);
    const { model } = this.#sessions.get(modelId);
    const sessionId = await identityOf(hashed, signal);
    const hold = await kept.enter(sessionId);
    if (!hold) throw inAnotherTab();
    this.#open.set(modelId, { hold, sessionId, files: hashed });
    try {
      this.#sessions.get(modelId); // it may have been closed meanwhile
      const { name: fileName, byteLength } = model;
      const session = { id: sessionId, title: titleOf(model), fileName, byteLength };
      return { sessionId, filesKept: false, job: await kept.enroll(session, hashed) };
    } catch (error) {
      this.leave(modelId);
      throw error;
    }
  }

  async keepFiles(modelId: string, signal: AbortSignal): Promise<boolean> {
    const kept = await this.#ready();
    const open = this.#open.get(modelId);
    if (!open) throw new StudioError('worker-failed', 'The model is not open any more.');
    return kept.keepFiles(open.sessionId, open.files, signal);
  }

  async restore(
    sessionId: string,
    files: readonly DroppedFile[] | null,
    signal: AbortSignal,
  ): Promise<Restored> {
    const kept = await this.#ready();
    const hold = await kept.enter(sessionId);
    if (!hold) throw inAnotherTab();
    try {
      const { record, runs, job, unreadableRuns, files: own } = await kept.open(sessionId);
      const opened = await this.#sessions.open(
        own ?? (await sameFiles(record, files ?? [], signal)),
        signal,
      );
      this.#open.set(opened.model.id, { hold, sessionId, files: [] });
      const keeping = { sessionId, filesKept: own !== null, job };
      const { recipe, budgetBytes = null } = record;
      return { opened, keeping, recipe, budgetBytes, runs, unreadableRuns };
    } catch (error) {
      hold.release();
      throw error;
    }
  }

  async keepRecipe(sessionId: string, recipe: Recipe, budgetBytes: number | null): Promise<void> {
    await (await this.#ready()).keepRecipe(sessionId, recipe, budgetBytes);
  }

  async keepRun(sessionId: string, { report, files }: KeptRun<DroppedFile>): Promise<boolean> {
    const kept = await this.#ready();
    const hashed = report.output.files.flatMap((file) => {
      const content = files?.find(({ path }) => path === file.path);
      return content ? [{ ...file, blob: content.blob }] : [];
    });
    const whole = files !== null && hashed.length === report.output.files.length;
    return kept.keepRun(sessionId, report, whole ? hashed : null);
  }

  async forgetRun(sessionId: string, runId: string): Promise<void> {
    await (await this.#ready()).removeRun(sessionId, runId);
  }

  async keepJob(sessionId: string, job: UnfinishedJob | null): Promise<void> {
    await (await this.#ready()).keepJob(sessionId, job);
  }

  async discardJob(sessionId: string): Promise<void> {
    await (await this.#ready()).discardJob(sessionId);
  }

  async forget(sessionId: string): Promise<void> {
    await (await this.#ready()).forget(sessionId);
  }

  /** Gives the session back to other tabs. */
  leave(modelId: string): void {
    this.#open.get(modelId)?.hold.release();
    this.#open.delete(modelId);
  }

  /** The desk's own handles where it has them: what it hashed of those once is known. */
  #asHeld(modelId: string, files: readonly DroppedFile[]): readonly DroppedFile[] {
    const held = this.#sessions.get(modelId).model.files;
    return files.map((file) => held.find(({ path }) => path === file.path) ?? file);
  }

  #ready(): Promise<KeptSessions> {
    this.#kept ??= this.#openStorage().then((storage) => new KeptSessions(storage));
    this.#kept.catch(() => {
      this.#kept = null;
    });
    return this.#kept;
  }
}

/**
 * The session's files among those that were chosen again, whatever they are called now.
 * @throws missing-file, wrong-file naming what is wanted and what came instead
 */
async function sameFiles(
  { title, files: wanted }: SessionRecord,
  chosen: readonly DroppedFile[],
  signal: AbortSignal,
): Promise<readonly DroppedFile[]> {
  const hashed = await hashFiles(chosen, signal);
  const found = wanted.map(({ path, sha256 }) => {
    const same = hashed.find((it) => it.sha256 === sha256);
    return same ? { path, blob: same.blob } : path;
  });
  const missing = wanted.filter((_, index) => typeof found[index] === 'string');
  if (missing.length === 0) return found.filter((it) => typeof it !== 'string');
  const names = missing.map(({ path, byteLength }) => `${path} (${formatExactBytes(byteLength)})`);
  const asked = `Choose the files of ${title} again: ${names.join(', ')}.`;
  const other = hashed.find(({ path }) =>
    missing.some((it) => baseName(it.path) === baseName(path)),
  );
  const stranger = other ?? hashed.find((it) => wanted.every(({ sha256 }) => sha256 !== it.sha256));
  if (!stranger) throw new StudioError('missing-file', asked);
  throw new StudioError(
    'wrong-file',
    `${stranger.path} is not what was opened before: its SHA-256 is another. ${asked}`,
    { detail: { file: stranger.path } },
  );
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
