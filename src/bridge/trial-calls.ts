/** The engine's calls by which a person tries a model and its runs. */
import type { Backend } from '../core/backend.ts';
import type { LabelAnswers } from '../report/label-answers.ts';
import type {
  ContinuationEnd,
  ContinuedToken,
  MadeInput,
  MadeWords,
  ModelAnswer,
  Sampling,
  TrialSummary,
} from '../report/trial.ts';

/** A model that is tried: a run by its files, the original without. */
export interface TrialSubject {
  readonly runId: string;
  readonly files: readonly { readonly path: string; readonly blob: Blob }[] | null;
}

export interface AnswerRequest {
  readonly modelId: string;
  readonly input: MadeInput;
  /** The original first. */
  readonly subjects: readonly TrialSubject[];
  readonly backend: Backend;
}

/** First what was made of the input, then each model's answer to it. */
export type AnswerProgress = { readonly words: MadeWords } | { readonly answer: ModelAnswer };

/** How timing ended; `no-room`: the models do not fit into the runtime side by side. */
export type TimingEnd = 'timed' | 'hidden' | 'no-room';

export interface ContinueRequest {
  readonly modelId: string;
  readonly text: string;
  readonly subjects: readonly TrialSubject[];
  readonly backend: Backend;
  /** Tokens at most. */
  readonly tokens: number;
  /** null takes the likeliest token each time. */
  readonly sampling: Sampling | null;
}

export interface TrialCalls {
  /** What can be tried on the model. */
  trial: { args: [modelId: string]; result: TrialSummary; progress: never };
  /**
   * What models say to an input. A newer call, or a job, takes its place: it then rejects with an
   * AbortError. Throws busy while a job runs.
   */
  answer: { args: [request: AnswerRequest]; result: MadeWords; progress: AnswerProgress };
  /**
   * Times the answers to an input by turns, as a benchmark times pairs: each round has the
   * milliseconds of every model, in the order of `subjects`. As `answer` otherwise.
   */
  timeAnswers: { args: [request: AnswerRequest]; result: TimingEnd; progress: readonly number[] };
  /** The original's answers to a few rows of each label, as the file has it. As `answer` otherwise. */
  askLabels: {
    args: [modelId: string, values: readonly string[]];
    result: readonly LabelAnswers[];
    progress: never;
  };
  /** Goes on with a text token by token; `stop` ends it with what there is. As `answer` otherwise. */
  continueText: {
    args: [request: ContinueRequest];
    result: readonly ContinuationEnd[];
    progress: ContinuedToken;
  };
}
