/**
 * Goes on with a text token by token, each model for itself: all of them are given the same text
 * and, where tokens are drawn, the same random numbers. The whole window is run for every token.
 */
import { chooseToken, nextLogits } from '../bench/next-token.ts';
import { pacer } from '../bench/pause.ts';
import type { ContinueRequest, TrialSubject } from '../bridge/trial-calls.ts';
import { assert } from '../core/assert.ts';
import { seededRandom } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Growing } from '../dataset/making.ts';
import type { Trial } from '../dataset/trial.ts';
import { CONTINUATION_LIMIT, type ContinuationEnd, type ContinuedToken } from '../report/trial.ts';
import { originalId, tokenChoices } from './next-token.ts';
import { isOwnFailure } from './own-failure.ts';
import type { Subject } from './subjects.ts';

const TOLD_TOKENS = 5;

export interface ContinueContext {
  /** Of the model's own tokenizer. */
  readonly trial: (subject: TrialSubject) => Promise<Trial>;
  readonly session: (subject: TrialSubject) => Promise<Subject>;
  readonly progress: (token: ContinuedToken) => void;
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
}

/** @throws AbortError; bad-dataset for an empty text */
export async function continueText(
  { text, subjects, tokens, sampling }: ContinueRequest,
  { trial, session, progress, signal, stop }: ContinueContext,
): Promise<readonly ContinuationEnd[]> {
  const random = sampling ? seededRandom(sampling.seed) : null;
  const length = Math.max(1, Math.min(tokens, CONTINUATION_LIMIT));
  const writers: Writer[] = [];
  for (const subject of subjects) writers.push(writerOf(subject, await trial(subject), text));
  const breathe = pacer();
  for (let at = 0; at < length; at++) {
    const uniform = random?.uniform() ?? 0;
    for (const writer of writers) {
      if (writer.end) continue;
      await breathe();
      signal.throwIfAborted();
      if (stop.aborted) return writers.map((it) => it.end ?? endOf(it.subject, 'stopped'));
      try {
        const subject = await session(writer.subject);
        const { growing, name, ids } = writer;
        const step = await nextToken(subject, growing, ids, {
          ...{ uniform, name, topK: sampling?.topK ?? null },
        });
        signal.throwIfAborted();
        if (step === null) {
          writer.end = endOf(writer.subject, 'failed', 'It gives no number for the next token.');
          continue;
        }
        const { id, ...told } = step;
        progress({ runId: writer.subject.runId, id: originalId(growing, id), ...told });
        ids.push(id);
        if (growing.endIds.includes(id)) writer.end = endOf(writer.subject, 'end-of-text');
      } catch (error) {
        if (!isOwnFailure(error)) throw error;
        writer.end = endOf(writer.subject, 'failed', error.message);
      }
    }
  }
  return writers.map((it) => it.end ?? endOf(it.subject, 'length'));
}

interface Writer {
  readonly subject: TrialSubject;
  readonly growing: Growing;
  /** The output of logits. */
  readonly name: string;
  /** In the model's own tokens. */
  readonly ids: number[];
  end: ContinuationEnd | null;
}

function writerOf(subject: TrialSubject, { growing, readout }: Trial, text: string): Writer {
  assert(growing && readout.answer, 'only models that predict tokens go on with a text');
  const ids = [...growing.start(text)];
  if (ids.length === 0) {
    throw new StudioError('bad-dataset', 'The text is empty. Type what comes before.');
  }
  return { subject, growing, name: readout.answer.name, ids, end: null };
}

interface StepTerms {
  readonly name: string;
  readonly topK: number | null;
  readonly uniform: number;
}

/** null where no logit is a number. */
async function nextToken(
  subject: Subject,
  growing: Growing,
  ids: readonly number[],
  { name, topK, uniform }: StepTerms,
) {
  const { feeds, last } = growing.feeds(ids);
  if (subject.fresh) await subject.run([feeds]);
  const { ran, durationMs } = await subject.run([feeds]);
  const logits = nextLogits(ran.outputs[0] ?? {}, name, last);
  const id = logits && chooseToken(logits, topK, uniform);
  if (!logits || id === null) return null;
  const choices = tokenChoices(logits, growing, ids, TOLD_TOKENS, [id]);
  const told = originalId(growing, id);
  const share = choices.find(({ index }) => index === told)?.share ?? Number.NaN;
  return { id, text: growing.textOf(ids, id), share, choices, durationMs };
}

const endOf = (
  { runId }: TrialSubject,
  why: ContinuationEnd['why'],
  failure: string | null = null,
): ContinuationEnd => ({ runId, why, failure });
