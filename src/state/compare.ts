/** The two runs that are looked at side by side: B is the selected one, A never the same. */
import type { Run } from './run.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

type Choice = Pick<Session, 'runs' | 'selectedRunId' | 'comparedWith'>;

export const runB = ({ runs, selectedRunId }: Choice): Run | null =>
  runs.find(({ id }) => id === selectedRunId) ?? null;

/** The run that B is compared with: the chosen one, else the first other; null with one run. */
export function runA({ runs, selectedRunId, comparedWith }: Choice): Run | null {
  const others = runs.filter(({ id }) => id !== selectedRunId);
  return others.find(({ id }) => id === comparedWith) ?? others[0] ?? null;
}

/** Makes a run B; where it was A they change places. */
export function selectRun(studio: Studio, runId: string): void {
  choose(studio, runId, (session) => ({
    selectedRunId: runId,
    comparedWith: runA(session)?.id === runId ? session.selectedRunId : session.comparedWith,
  }));
}

/** Makes a run A; where it was B they change places. */
export function makeRunA(studio: Studio, runId: string): void {
  choose(studio, runId, (session) =>
    session.selectedRunId === runId ? swapped(session) : { comparedWith: runId },
  );
}

/** Makes a run B and what was B A, so that the last two that were pressed are compared. */
export function compareRun(studio: Studio, runId: string): void {
  choose(studio, runId, ({ selectedRunId }) =>
    selectedRunId === runId ? {} : { selectedRunId: runId, comparedWith: selectedRunId },
  );
}

export function swapRuns(studio: Studio): void {
  const { session } = studio.store.getState();
  if (session) choose(studio, session.selectedRunId, swapped);
}

function swapped(session: Choice): Partial<Choice> {
  const a = runA(session);
  return a ? { selectedRunId: a.id, comparedWith: session.selectedRunId } : {};
}

function choose(
  studio: Studio,
  runId: string,
  change: (session: Session) => Partial<Choice>,
): void {
  const { session } = studio.store.getState();
  if (!session?.runs.some(({ id }) => id === runId)) return;
  updateSession(studio, session.model.id, (it) => ({
    downloadToConfirm: null,
    picked: it.job.status === 'running',
    ...change(it),
  }));
}
