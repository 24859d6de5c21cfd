/** What the person tries on the open model, and what the original and its runs say to it. */
import type { TimingEnd } from '../bridge/trial-calls.ts';
import type { Backend } from '../core/backend.ts';
import type {
  ContinuationEnd,
  ContinuedToken,
  MadeInput,
  MadeWords,
  ModelAnswer,
  Sampling,
  TrialSummary,
} from '../report/trial.ts';
import type { Failure } from './failure.ts';

export type TrialState =
  | { readonly status: 'none' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly summary: TrialSummary }
  | { readonly status: 'failed'; readonly failure: Failure };

/** Answers to one input; those of later models follow. */
export interface Answers {
  readonly input: MadeInput;
  readonly backend: Backend;
  /** The models that are asked, the original first. */
  readonly runIds: readonly string[];
  readonly words: MadeWords | null;
  readonly byRun: ReadonlyMap<string, ModelAnswer>;
  readonly complete: boolean;
}

/** What an answer is of; another one of these wants another answer. */
export type Asked = Pick<Answers, 'input' | 'backend' | 'runIds'> & { readonly modelId: string };

type Same = Pick<Asked, 'input' | 'backend' | 'runIds'>;

export const sameAsked = (a: Same, b: Same): boolean =>
  a.input === b.input &&
  a.backend === b.backend &&
  a.runIds.length === b.runIds.length &&
  a.runIds.every((id, index) => id === b.runIds[index]);

/** Answers to one input, timed by turns. */
export interface Timing {
  readonly input: MadeInput;
  readonly backend: Backend;
  /** The models that answered, the original first. */
  readonly runIds: readonly string[];
  /** Milliseconds: a round has a time of every model, in the order of `runIds`. */
  readonly rounds: readonly (readonly number[])[];
  /** null while more rounds come. */
  readonly end: TimingEnd | null;
}

export interface Continuation {
  readonly text: string;
  readonly backend: Backend;
  readonly runIds: readonly string[];
  readonly sampling: Sampling | null;
  readonly byRun: ReadonlyMap<string, readonly ContinuedToken[]>;
  /** How each ended; null while it goes on. */
  readonly ends: readonly ContinuationEnd[] | null;
  readonly failure: Failure | null;
  /** Ends it with the tokens so far. */
  readonly stop: AbortController;
}

export interface ContinueOptions {
  readonly tokens: number;
  readonly sampled: boolean;
  readonly topK: number;
  readonly seed: number;
}

export interface Trying {
  /** The person sees it: only then is anything answered. */
  readonly shown: boolean;
  readonly trial: TrialState;
  readonly backend: Backend;
  readonly input: MadeInput | null;
  /** `busy`: a job has the engine, and what is asked is answered after it. */
  readonly pace: 'idle' | 'answering' | 'busy';
  /** The latest that were computed: of an older input until `input` has its own. */
  readonly answers: Answers | null;
  /** Why `input` has no answer. */
  readonly failure: Failure | null;
  /** The latest: of an older input until the newest is answered. */
  readonly timing: Timing | null;
  readonly continuation: Continuation | null;
  readonly options: ContinueOptions;
}

export const NOTHING_TRIED: Trying = {
  shown: false,
  trial: { status: 'none' },
  backend: 'wasm',
  input: null,
  pace: 'idle',
  answers: null,
  failure: null,
  timing: null,
  continuation: null,
  options: { tokens: 48, sampled: false, topK: 40, seed: 1 },
};
