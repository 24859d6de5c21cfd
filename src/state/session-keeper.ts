/**
 * What the browser keeps follows what the page knows: finished runs, the recipe and an unfinished
 * job are written behind the person's back, in order. What finds no room is named.
 */
import type { DroppedFile } from '../bridge/opened.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatBytes } from '../report/format.ts';
import type { KeptRun, UnfinishedJob } from '../report/kept.ts';
import { isMeasured, type Run, toReport } from './run.ts';
import { weightsOf } from './stage-list.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';
import { WriteQueue } from './write-queue.ts';

export class SessionKeeper {
  readonly modelId: string;
  readonly #sessionId: string;
  readonly #studio: Studio;
  readonly #restsMs: number;
  readonly #runs = new WeakSet<Run>();
  #runIds: ReadonlySet<string> = new Set();
  #job: UnfinishedJob | null = null;
  #recipe: Recipe | null = null;
  #budgetBytes: number | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #writes: WriteQueue;

  constructor(studio: Studio, modelId: string, sessionId: string, restsMs: number) {
    this.#studio = studio;
    this.modelId = modelId;
    this.#sessionId = sessionId;
    this.#restsMs = restsMs;
    this.#writes = new WriteQueue(({ message }) => notify(studio, 'warn', message));
  }

  follow(session: Session): void {
    for (const run of session.runs) this.#followRun(run, session);
    this.#followDeleted(session);
    this.#followJob(session);
    this.#followRecipe(session);
  }

  #followRun(run: Run, { identity }: Session): void {
    const hasFigures = run.kind === 'run' || isMeasured(run);
    if (!hasFigures || this.#runs.has(run) || identity.status !== 'known') return;
    this.#runs.add(run);
    const { files } = run;
    const kept: KeptRun<DroppedFile> = { report: toReport(run, identity.identity), files };
    this.#writes.add(`run ${run.id}`, async () => {
      const filesKept = await this.#studio.desk.call('keepRun', [this.#sessionId, kept]);
      if (files !== null && !filesKept) this.#tellNotKept(run);
    });
  }

  #followDeleted({ runs }: Session): void {
    const before = this.#runIds;
    this.#runIds = new Set(runs.map(({ id }) => id));
    for (const runId of before) {
      if (this.#runIds.has(runId)) continue;
      this.#writes.add(`run ${runId}`, async () => {
        await this.#studio.desk.call('forgetRun', [this.#sessionId, runId]);
      });
    }
  }

  /** Once a run: it is named on the screen from then on. */
  #tellNotKept({ id, name, output }: Run): void {
    const { session } = this.#studio.store.getState();
    if (session?.model.id !== this.modelId || session.runsNotKept.has(id)) return;
    updateSession(this.#studio, this.modelId, ({ runsNotKept }) => ({
      runsNotKept: new Set([...runsNotKept, id]),
    }));
    const size = formatBytes(output.byteLength);
    notify(
      this.#studio,
      'warn',
      `${name} (${size}) has no room in this browser. Download it before you close the tab.`,
    );
  }

  #followJob(session: Session): void {
    if (session.unfinished) return; // the job of an earlier visit, which another must not replace
    const job = unfinishedJob(session);
    const before = this.#job;
    if (job?.runId === before?.runId && job?.total === before?.total) return;
    this.#job = job;
    this.#writes.add('job', async () => {
      if (before && before.runId !== job?.runId) await settle(this.#studio, before.runId);
      await this.#studio.desk.call('keepJob', [this.#sessionId, job]);
    });
  }

  #followRecipe({ recipe, budgetBytes }: Session): void {
    if (recipe === this.#recipe && budgetBytes === this.#budgetBytes) return;
    this.#recipe = recipe;
    this.#budgetBytes = budgetBytes;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#writes.add('recipe', async () => {
        await this.#studio.desk.call('keepRecipe', [this.#sessionId, recipe, budgetBytes]);
      });
    }, this.#restsMs);
  }

  /** There may be room again for what found none. */
  retry(): void {
    this.#writes.retry();
  }

  /** Resolves when what happened by now is written, or found to have no room. */
  settled(): Promise<void> {
    return this.#writes.settled();
  }
}

/** Lets the engine forget what a job had finished. */
export async function settle({ engine }: Pick<Studio, 'engine'>, jobId: string): Promise<void> {
  try {
    await engine.call('settle', [jobId]);
  } catch {
    // An engine that cannot has failed and holds nothing any more; the desk removes what is kept.
  }
}

/** The session's job as another visit could take it up; null if there is nothing to resume. */
export function unfinishedJob(session: Session): UnfinishedJob | null {
  const { job, runs } = session;
  if (job.status === 'idle' || job.task.kind !== 'compress') return null;
  if (runs.some(({ id }) => id === job.task.runId)) return null;
  return describe(job.task, totalOf(job), session.benchmarkAfter);
}

function describe(task: Task, total: number, benchmarkAfter: boolean): UnfinishedJob | null {
  const { runId, name, recipe, plannedBytes } = task;
  const startedAt = task.startedAt.toISOString();
  return recipe && { runId, name, recipe, plannedBytes, benchmarkAfter, startedAt, total };
}

function totalOf(job: Exclude<Session['job'], { status: 'idle' }>): number {
  if (job.status === 'asking') return job.total;
  if (job.status === 'failed') return job.total;
  return weightsOf(job.stages)?.total ?? 0;
}
