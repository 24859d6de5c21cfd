/** Times answers by turns, as a benchmark times pairs, on the input that a person gave. */
import { affordableRounds, timeRounds } from '../bench/latency.ts';
import type { TimingEnd } from '../bridge/trial-calls.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { Subject } from './subjects.ts';

/** Rounds at most, and the time for them. */
const ROUNDS = 20;
const ROUNDS_BUDGET_MS = 3000;

export interface TimedAnswers {
  /** Each opens its model, or finds it open; the original's first. */
  readonly subjects: readonly (() => Promise<Subject>)[];
  /** What each model is fed. */
  readonly feeds: readonly (readonly Feeds[])[];
  readonly signal: AbortSignal;
  readonly isVisible: () => boolean;
  /** Milliseconds of a round, in the order of the models. */
  readonly onRound: (times: readonly number[]) => void;
}

/** @throws AbortError if `signal` is aborted; what a session throws */
export async function timeAnswers(request: TimedAnswers): Promise<TimingEnd> {
  const { subjects, feeds, signal, isVisible, onRound } = request;
  const opened: Subject[] = [];
  // Twice: opening one may have closed another, which a round would then open again and again.
  for (const open of [...subjects, ...subjects]) opened.push(await open());
  const warm = opened.slice(subjects.length);
  if (warm.some(({ fresh }) => fresh)) return 'no-room';
  const timers = warm.map((subject, index) => async () => {
    signal.throwIfAborted();
    return (await subject.run(feeds[index] ?? [])).durationMs;
  });
  const planned = await affordableRounds({
    ...{ timers, warmUp: 1, repetitions: ROUNDS, budgetMs: ROUNDS_BUDGET_MS },
  });
  const rounds = await timeRounds({
    ...{ timers, ...planned, signal, isVisible },
    onRound: (done, _, times) => {
      if (done > planned.warmUp) onRound(times);
    },
  });
  return rounds ? 'timed' : 'hidden';
}
