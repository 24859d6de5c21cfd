/** What a person does on the Try it tab. What follows from it is asked by `watchTrying`. */
import type { Backend } from '../core/backend.ts';
import type { MadeInput } from '../report/trial.ts';
import { type PairChoice, runA, runB } from './compare.ts';
import { BASELINE_ID, type Run } from './run.ts';
import { type Studio, updateSession } from './store.ts';
import type { ContinueOptions, Trying } from './trying.ts';

/** The original, then A and B: what answers side by side. */
export function triedRuns(session: PairChoice) {
  const original = session.runs.find(({ id }) => id === BASELINE_ID) ?? null;
  const tried = [original, runA(session), runB(session)].filter((run) => run !== null);
  return tried.filter((run, index): run is Run => tried.indexOf(run) === index);
}

/** The original's letter is none, unless it is compared. */
export const letterOf = (session: PairChoice, runId: string): 'A' | 'B' | null => {
  if (session.runs.length < 2) return null;
  if (runB(session)?.id === runId) return 'B';
  return runA(session)?.id === runId ? 'A' : null;
};

export function showTrying(studio: Studio, shown: boolean): void {
  change(studio, () => ({ shown }));
}

export function giveInput(studio: Studio, input: MadeInput): void {
  endContinuation(studio);
  change(studio, () => ({ input, failure: null, continuation: null }));
}

/** Nothing is given, so nothing is answered. */
export function clearInput(studio: Studio): void {
  endContinuation(studio);
  change(studio, () => ({
    ...{ input: null, answers: null, timing: null, failure: null },
    ...{ continuation: null, pace: 'idle' },
  }));
}

export function tryOn(studio: Studio, backend: Backend): void {
  change(studio, () => ({ backend, failure: null }));
}

export function setContinueOptions(studio: Studio, options: Partial<ContinueOptions>): void {
  change(studio, (trying) => ({ options: { ...trying.options, ...options } }));
}

/** Ends what goes on with a text that is not the one any more. */
export function endContinuation({ store }: Pick<Studio, 'store'>): void {
  store.getState().session?.trying.continuation?.stop.abort();
}

function change(studio: Studio, fields: (trying: Trying) => Partial<Trying>): void {
  const { session } = studio.store.getState();
  if (!session) return;
  updateSession(studio, session.model.id, ({ trying }) => ({
    trying: { ...trying, ...fields(trying) },
  }));
}
