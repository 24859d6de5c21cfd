/** What is done with finished runs: rename, delete and take that back, run again. */
import { newId } from '../core/new-id.ts';
import { formatBytes } from '../report/format.ts';
import { verdictText } from '../report/verdict.ts';
import { selectRun } from './compare.ts';
import { resumeCompression } from './compress.ts';
import { handOut, selectedRun } from './hand-out.ts';
import { benchmark } from './measure-run.ts';
import { BASELINE_ID, type Run } from './run.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import { verdictOf } from './verdict-sentence.ts';

const LONGEST_NAME = 200;

/** A name that no other run has: the wanted one, else with a number. */
export function freeName(wanted: string, runs: readonly Pick<Run, 'id' | 'name'>[]): string {
  const taken = new Set(runs.map(({ name }) => name));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted} ${n}`;
  return name;
}

/** Blank names and the baseline's change nothing. */
export function renameRun(studio: Studio, runId: string, wanted: string): void {
  const { session } = studio.store.getState();
  const run = session?.runs.find(({ id }) => id === runId);
  const trimmed = wanted.trim().slice(0, LONGEST_NAME);
  if (!session || !run || run.kind === 'baseline' || trimmed === '' || trimmed === run.name) return;
  const others = session.runs.filter(({ id }) => id !== runId);
  const name = freeName(trimmed, others);
  updateSession(studio, session.model.id, ({ runs }) => ({
    runs: runs.map((it) => (it.id === runId ? { ...it, name } : it)),
  }));
  notify(studio, 'good', `Renamed ${run.name} to ${name}.`);
}

/** Why a run cannot be deleted now; null if it can. */
export function deleteObstacle({ job }: Session, run: Pick<Run, 'id' | 'kind'>): string | null {
  if (run.kind === 'baseline') return 'The baseline is the file that you opened';
  if (job.status !== 'idle' && job.status !== 'failed' && job.task.runId === run.id) {
    return 'It is being measured';
  }
  return null;
}

/** Takes a run away; until another is deleted it can be brought back. */
export function deleteRun(studio: Studio, runId: string): void {
  const { session } = studio.store.getState();
  const index = session?.runs.findIndex(({ id }) => id === runId) ?? -1;
  const run = session?.runs[index];
  if (!session || !run) return;
  const obstacle = deleteObstacle(session, run);
  if (obstacle !== null) {
    notify(studio, 'warn', `${run.name} stays. ${obstacle}.`);
    return;
  }
  const next = session.runs[index + 1] ?? session.runs[index - 1];
  if (session.selectedRunId === runId && next) selectRun(studio, next.id);
  updateSession(studio, session.model.id, ({ runs }) => ({
    runs: runs.filter(({ id }) => id !== runId),
    deletedRun: { run, index },
  }));
  notify(studio, 'plain', `Deleted ${run.name}, ${formatBytes(run.output.byteLength)}.`);
}

/** Brings the run back that was deleted last, to its place. */
export function undoDelete(studio: Studio): void {
  const { session } = studio.store.getState();
  if (!session?.deletedRun) return;
  const { run, index } = session.deletedRun;
  updateSession(studio, session.model.id, ({ runs }) => ({
    // Another object: what keeps runs writes it again.
    runs: runs.toSpliced(index, 0, { ...run }),
    deletedRun: null,
  }));
  selectRun(studio, run.id);
  notify(studio, 'good', `${run.name} is back.`);
}

/** The undo is not wanted any more. */
export function forgetDeleted(studio: Studio): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ deletedRun: null }));
}

/** Applies the run's recipe once more, as another run; of the baseline measures again. */
export async function runAgain(studio: Studio, runId: string): Promise<void> {
  const { session } = studio.store.getState();
  const run = session?.runs.find(({ id }) => id === runId);
  if (!session || !run) return;
  const { job } = session;
  if (job.status === 'asking' || (job.status === 'running' && job.task.kind !== 'baseline')) {
    notify(studio, 'warn', `Busy with ${job.task.name}. Cancel it or wait.`);
    return;
  }
  if (!run.recipe) {
    await benchmark(studio, { runId: BASELINE_ID });
    return;
  }
  await resumeCompression(studio, {
    kind: 'compress',
    runId: newId(),
    name: freeName(run.name, session.runs),
    recipe: run.recipe,
    plannedBytes: null,
    startedAt: studio.effects.now(),
  });
}

/** Puts the selected run's sentence into the clipboard, with the run's name. */
export async function copyVerdict(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const run = session && selectedRun(session);
  const baseline = session?.runs[0];
  if (!session || !run || !baseline) return;
  await handOut(studio, async () => {
    await studio.effects.copy(`${run.name}: ${verdictText(verdictOf(run, baseline))}`);
    return `Copied the verdict of ${run.name}.`;
  });
}
