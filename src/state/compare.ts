/**
 * The two runs that are looked at side by side, never the same: B is the selected one. The original
 * is what runs are held against, so it is A however it was chosen, unless the person turns them.
 */
import { BASELINE_ID, type Run } from './run.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

export type PairChoice = Pick<Session, 'runs' | 'selectedRunId' | 'comparedWith' | 'turned'>;

function pairOf(choice: PairChoice): { readonly a: Run | null; readonly b: Run | null } {
  const { runs, selectedRunId, comparedWith, turned } = choice;
  const selected = runs.find(({ id }) => id === selectedRunId) ?? null;
  const others = runs.filter(({ id }) => id !== selectedRunId);
  const other = others.find(({ id }) => id === comparedWith) ?? others[0] ?? null;
  return other && selectedRunId === BASELINE_ID && !turned
    ? { a: selected, b: other }
    : { a: other, b: selected };
}

export const runB = (choice: PairChoice): Run | null => pairOf(choice).b;

/** The run that B is compared with: the chosen one, else the first other; null with one run. */
export const runA = (choice: PairChoice): Run | null => pairOf(choice).a;

/** Selects a run: it is B, and where it was A they change places; the original is A. */
export function selectRun(studio: Studio, runId: string): void {
  choose(studio, runId, (session) => {
    const { selectedRunId, comparedWith } = session;
    if (selectedRunId === runId) return {};
    const { a } = pairOf(session);
    const original = runId === BASELINE_ID || selectedRunId === BASELINE_ID;
    return {
      selectedRunId: runId,
      comparedWith: original || a?.id === runId ? selectedRunId : comparedWith,
      turned: false,
    };
  });
}

/** Makes a run A; where it was B they change places. */
export function makeRunA(studio: Studio, runId: string): void {
  choose(studio, runId, (session) => {
    const { a, b } = pairOf(session);
    return b?.id === runId ? asPair(b, a) : asPair({ id: runId }, b);
  });
}

/** Makes a run B, the original too; where it was A they change places. */
export function makeRunB(studio: Studio, runId: string): void {
  choose(studio, runId, (session) => {
    const { a, b } = pairOf(session);
    return a?.id === runId ? asPair(b, a) : asPair(a, { id: runId });
  });
}

/** Compares the last two that were pressed: the later one is B, the original A. */
export function compareRun(studio: Studio, runId: string): void {
  choose(studio, runId, ({ selectedRunId }) =>
    selectedRunId === runId
      ? {}
      : { selectedRunId: runId, comparedWith: selectedRunId, turned: false },
  );
}

export function swapRuns(studio: Studio): void {
  const { session } = studio.store.getState();
  if (!session) return;
  choose(studio, session.selectedRunId, (it) => {
    const { a, b } = pairOf(it);
    return asPair(b, a);
  });
}

type Named = Pick<Run, 'id'> | null;

function asPair(a: Named, b: Named): Partial<PairChoice> {
  return a && b ? { selectedRunId: b.id, comparedWith: a.id, turned: b.id === BASELINE_ID } : {};
}

function choose(
  studio: Studio,
  runId: string,
  change: (session: Session) => Partial<PairChoice>,
): void {
  const { session } = studio.store.getState();
  if (!session?.runs.some(({ id }) => id === runId)) return;
  updateSession(studio, session.model.id, (it) => ({
    downloadToConfirm: null,
    picked: it.job.status === 'running',
    ...change(it),
  }));
}
