/**
 * Opened models, their runs and unfinished jobs between visits. One tab at a time works on a
 * session: it holds the session's lock. Changes of files exclude each other over all tabs.
 */
import { StudioError } from '../core/studio-error.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { KeptJob, KeptRun, KeptSession, UnfinishedJob } from '../report/kept.ts';
import type { OutputFile, RunReport } from '../report/report.ts';
import { bytesOf, describeSession, keptJob } from './describe-session.ts';
import { type HashedFile, KeptFiles } from './kept-files.ts';
import { removeWeights } from './kept-weights.ts';
import { exclusively, FOREVER, type Hold } from './locks.ts';
import { fitsBesideOutputs } from './quota.ts';
import { readReport } from './read-records.ts';
import type { SessionRecord } from './records.ts';
import { inAnotherTab, sessionLock } from './session-locks.ts';
import type { Storage } from './storage.ts';
import { sweepUnused } from './sweep.ts';

const STORE_LOCK = 'whittle store';
/** A page that is being reloaded gives its locks back within this time. */
const RELOAD_MS = 1500;

interface KeptBlob {
  readonly path: string;
  readonly blob: Blob;
}

export type NewSession = Pick<SessionRecord, 'id' | 'title' | 'fileName' | 'byteLength'>;

export interface OpenedSession {
  readonly record: SessionRecord;
  /** null if they were not kept. */
  readonly files: readonly KeptBlob[] | null;
  readonly runs: readonly KeptRun<KeptBlob>[];
  readonly job: KeptJob | null;
  /** Runs of another version that this one cannot read; they stay. */
  readonly unreadableRuns: number;
}

export class KeptSessions {
  readonly #storage: Storage;
  readonly #files: KeptFiles;
  readonly #now: () => Date;

  constructor(storage: Storage, now: () => Date = () => new Date()) {
    this.#storage = storage;
    this.#files = new KeptFiles(storage.files);
    this.#now = now;
  }

  /** Newest first. */
  async list(): Promise<readonly KeptSession[]> {
    const { records, locks } = this.#storage;
    const sessions = await records.all('sessions');
    const held = await locks.held();
    const described = sessions.map((it) =>
      describeSession(records, it, held.has(sessionLock(it.id))),
    );
    return (await Promise.all(described)).toSorted((a, b) => (a.touchedAt < b.touchedAt ? 1 : -1));
  }

  /** Waits until another tab, or this one before it was reloaded, has left one of the sessions. */
  async whenLeft(ids: readonly string[]): Promise<void> {
    const waits = ids.map((id) => this.#storage.locks.take(sessionLock(id), FOREVER));
    for (const wait of waits) void wait.then((hold) => hold?.release());
    await Promise.race(waits);
  }

  /** The right to work on a session; null if another tab does. */
  enter(id: string): Promise<Hold | null> {
    return this.#storage.locks.take(sessionLock(id), RELOAD_MS);
  }

  /**
   * Lists what was opened; what an earlier visit did with the same files stays with it.
   * @returns the job that it left unfinished; @throws quota if there is not even room for a record
   */
  async enroll(session: NewSession, files: readonly OutputFile[]): Promise<KeptJob | null> {
    return this.#exclusively(async () => {
      const { records } = this.#storage;
      const before = await records.get('sessions', [session.id]);
      await records.put('sessions', {
        ...session,
        files: files.map(described),
        filesKept: before?.filesKept ?? false,
        recipe: before?.recipe ?? null,
        budgetBytes: before?.budgetBytes ?? null,
        touchedAt: this.#now().toISOString(),
      });
      return keptJob(records, session.id);
    });
  }

  /** Copies the files of a session; false if there is no room for them. */
  async keepFiles(
    id: string,
    files: readonly HashedFile[],
    signal?: AbortSignal,
  ): Promise<boolean> {
    return this.#exclusively(async () => {
      const filesKept = await this.#tryKeep(files, { besideOutputs: true }, signal);
      const record = await this.#storage.records.get('sessions', [id]);
      if (record) await this.#storage.records.put('sessions', { ...record, filesKept });
      return filesKept;
    });
  }

  /** @throws missing-file if it was deleted meanwhile */
  async open(id: string): Promise<OpenedSession> {
    const { records } = this.#storage;
    const record = await records.get('sessions', [id]);
    if (!record) throw new StudioError('missing-file', 'This model is not kept here any more.');
    const found = await records.all('runs', id);
    const reports = found.flatMap(({ report }) => readReport(report) ?? []);
    const runs = reports.map(async (report) => ({
      report,
      files:
        report.kind === 'baseline' ? null : ((await this.#files.open(report.output.files)) ?? []),
    }));
    const touched = { ...record, touchedAt: this.#now().toISOString() };
    await records.put('sessions', touched);
    return {
      record: touched,
      files: record.filesKept ? await this.#files.open(record.files) : null,
      runs: (await Promise.all(runs)).toSorted(byStart),
      job: await keptJob(records, id),
      unreadableRuns: found.length - reports.length,
    };
  }

  async keepRecipe(id: string, recipe: Recipe, budgetBytes: number | null): Promise<void> {
    const record = await this.#storage.records.get('sessions', [id]);
    if (record) await this.#storage.records.put('sessions', { ...record, recipe, budgetBytes });
  }

  /** @returns whether there was room for the files; the report is kept in any case */
  async keepRun(sessionId: string, report: RunReport, files: readonly HashedFile[] | null) {
    return this.#exclusively(async () => {
      const filesKept = files !== null && (await this.#tryKeep(files, { besideOutputs: false }));
      await this.#storage.records.put('runs', { sessionId, runId: report.id, report, filesKept });
      return filesKept;
    });
  }

  /** Its files stay until the next sweep, so that the run can be kept again. */
  async removeRun(sessionId: string, runId: string): Promise<void> {
    await this.#storage.records.remove('runs', [sessionId, runId]);
  }

  /** `null` when the job has ended: its finished weights go. */
  async keepJob(sessionId: string, job: UnfinishedJob | null): Promise<void> {
    const { records, files } = this.#storage;
    const before = await records.get('jobs', [sessionId]);
    if (job) {
      const known = before?.runId === job.runId ? before.total : 0;
      await records.put('jobs', { ...job, sessionId, total: job.total || known });
    } else await records.remove('jobs', [sessionId]);
    if (before && before.runId !== job?.runId) await removeWeights(files, records, before.runId);
  }

  /** Drops an unfinished job. @throws busy if another tab works on the session */
  async discardJob(id: string): Promise<void> {
    await this.#alone(id, () => this.keepJob(id, null));
  }

  /** Deletes a session with all that was done with it. @throws busy as `discardJob` does */
  async forget(id: string): Promise<void> {
    await this.#alone(id, async () => {
      await this.keepJob(id, null);
      const { records } = this.#storage;
      await records.remove('runs', [id]);
      await records.remove('sessions', [id]);
    });
    await this.sweep();
  }

  async #alone(id: string, work: () => Promise<void>): Promise<void> {
    const hold = await this.#storage.locks.take(sessionLock(id), 0);
    if (!hold) throw inAnotherTab();
    try {
      await work();
    } finally {
      hold.release();
    }
  }

  /**
   * Removes files and weights that no record speaks of: what a crash left behind. Gives up if
   * another tab is busy with files for longer than `waitMs`.
   */
  async sweep(waitMs = FOREVER): Promise<void> {
    const hold = await this.#storage.locks.take(STORE_LOCK, waitMs);
    if (!hold) return;
    try {
      await sweepUnused(this.#storage);
    } finally {
      hold.release();
    }
  }

  /** False if there is no room. */
  async #tryKeep(
    files: readonly HashedFile[],
    { besideOutputs }: { readonly besideOutputs: boolean },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const missing = await this.#files.missing(files);
    const needed = bytesOf(missing);
    const free = await this.#storage.quota.free();
    if (besideOutputs && !fitsBesideOutputs(needed, free)) return false;
    try {
      await this.#files.keep(missing, signal);
      return true;
    } catch (error) {
      if (error instanceof StudioError && error.code === 'quota') return false;
      throw error;
    }
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return exclusively(this.#storage.locks, STORE_LOCK, work);
  }
}

const described = ({ path, byteLength, sha256 }: OutputFile): OutputFile => ({
  ...{ path, byteLength, sha256 },
});

const byStart = (a: KeptRun<KeptBlob>, b: KeptRun<KeptBlob>): number =>
  a.report.kind === b.report.kind
    ? a.report.startedAt.localeCompare(b.report.startedAt)
    : a.report.kind === 'baseline'
      ? -1
      : 1;
