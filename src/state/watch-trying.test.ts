import { afterEach, expect, test, vi } from 'vitest';
import type { AnswerRequest } from '../bridge/trial-calls.ts';
import { StudioError } from '../core/studio-error.ts';
import type { MadeInput, ModelAnswer } from '../report/trial.ts';
import { continueText } from './continue-text.ts';
import { openedStudio, until } from './testing/open-studio.ts';
import { clearInput, endContinuation, giveInput, letterOf, showTrying, triedRuns } from './try.ts';
import { watchTrying } from './watch-trying.ts';

const WORDS = { texts: null, image: null, label: null, tokens: null };
const text = (words: string): MadeInput => ({ kind: 'text', text: words, pair: null });
const answerOf = (runId: string, share: number): ModelAnswer => ({
  runId,
  durationMs: 4,
  reading: {
    kind: 'classes',
    choices: [{ index: 1, label: 'positive', share }],
    of: 2,
    exclusive: true,
  },
});

let stop: () => void = () => undefined;
afterEach(() => stop());

type Engine = NonNullable<Parameters<typeof openedStudio>[1]>;

/** A studio that tries; `answer` replaces the engine's. */
async function trying(engine: Engine = {}) {
  const asked: AnswerRequest[] = [];
  const handlers: Engine = {
    trial: () => ({
      form: { kind: 'text', pair: 'none', maxTokens: 64 },
      rowCount: 10,
      rowsName: 'reviews.csv',
    }),
    answer: ([request], { onProgress }) => {
      asked.push(request);
      onProgress?.({ words: WORDS });
      for (const { runId } of request.subjects) onProgress?.({ answer: answerOf(runId, 0.9) });
      return WORDS;
    },
    timeAnswers: ([request], { onProgress }) => {
      for (let round = 0; round < 6; round++) onProgress?.(request.subjects.map(() => 4));
      return 'timed';
    },
    ...engine,
  };
  const it = await openedStudio({}, handlers);
  await until(() => it.session().job.status === 'idle');
  stop = watchTrying(it.studio);
  showTrying(it.studio, true);
  await until(() => it.session().trying.trial.status === 'ready');
  return { ...it, asked, state: () => it.session().trying };
}

test('what is typed is answered by the original, then timed', async () => {
  const { studio, state, asked } = await trying();
  giveInput(studio, text('good'));
  await until(() => state().answers?.complete === true);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.subjects).toEqual([{ runId: 'baseline', files: null }]);
  expect(state().answers?.byRun.get('baseline')).toEqual(answerOf('baseline', 0.9));
  expect(state().pace).toBe('idle');
  await until(() => state().timing?.end === 'timed');
  expect(state().timing).toMatchObject({ backend: 'wasm', runIds: ['baseline'] });
  expect(state().timing?.rounds).toEqual(Array.from({ length: 6 }, () => [4]));
  clearInput(studio);
  expect(state().timing).toBeNull();
});

test('a timing that a job interrupts is made again after it; a newer input has its own', async () => {
  let rounds = 0;
  const { studio, state, session } = await trying({
    timeAnswers: ([request], { onProgress }) => {
      rounds++;
      onProgress?.(request.subjects.map(() => rounds));
      if (rounds === 1) throw new DOMException('a job took its place', 'AbortError');
      return 'timed';
    },
  });
  giveInput(studio, text('good'));
  await until(() => rounds === 1 && state().timing !== null);
  expect(state().timing?.end).toBeNull();
  const job = { status: 'running', task: { name: 'x' } } as never;
  studio.store.setState({ session: { ...session(), job } });
  await until(() => state().pace === 'busy');
  studio.store.setState({ session: { ...session(), job: { status: 'idle' } } });
  await until(() => state().timing?.end === 'timed');
  expect(state().timing?.rounds).toEqual([[2]]);
  giveInput(studio, text('better'));
  await until(() => state().timing?.input === state().input);
  expect(state().timing?.rounds).toEqual([[3]]);
});

test('of inputs that follow each other quickly the newest alone is answered', async () => {
  const { studio, state, asked } = await trying();
  giveInput(studio, text('g'));
  await until(() => state().answers?.complete === true);
  for (const typed of ['go', 'goo', 'good']) giveInput(studio, text(typed));
  await until(() => state().answers?.input === state().input && state().pace === 'idle');
  expect(asked.map(({ input }) => input.kind === 'text' && input.text)).toEqual(['g', 'good']);
});

test('an answer that comes late is not taken for one to the newest input', async () => {
  const late: (() => void)[] = [];
  const { studio, state } = await trying({
    answer: ([request], { onProgress }) =>
      new Promise((resolve) => {
        const share = request.input.kind === 'text' && request.input.text === 'old' ? 0.1 : 0.9;
        late.push(() => {
          onProgress?.({ answer: answerOf('baseline', share) });
          resolve(WORDS);
        });
      }),
  });
  giveInput(studio, text('old'));
  await until(() => late.length === 1);
  giveInput(studio, text('new'));
  await until(() => late.length === 2);
  late[1]?.();
  await until(() => state().answers?.complete === true);
  late[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(state().answers?.byRun.get('baseline')).toEqual(answerOf('baseline', 0.9));
  expect(state().answers?.input).toEqual(text('new'));
});

test('while a job runs nothing is asked; afterwards what is there is', async () => {
  const { studio, state, asked, session } = await trying();
  const model = session();
  studio.store.setState({
    session: { ...model, job: { status: 'running', task: { name: 'x' } } as never },
  });
  giveInput(studio, text('good'));
  await until(() => state().pace === 'busy');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(asked).toHaveLength(0);
  studio.store.setState({ session: { ...session(), job: { status: 'idle' } } });
  await until(() => state().answers?.complete === true);
  expect(asked).toHaveLength(1);
});

test('an engine that a job has taken is asked again; other failures are told', async () => {
  let tries = 0;
  const { studio, state } = await trying({
    answer: () => {
      tries++;
      throw tries === 1 ? new StudioError('busy', 'busy') : new StudioError('too-large', 'Shorten');
    },
  });
  giveInput(studio, text('good'));
  await vi.waitFor(() => expect(state().failure?.message).toBe('Shorten'), { timeout: 5000 });
  expect(tries).toBe(2);
  giveInput(studio, text('good, shorter'));
  expect(state().failure).toBeNull();
});

test('nothing is asked when the tab is left, and nothing of an empty input', async () => {
  const { studio, state, asked } = await trying();
  showTrying(studio, false);
  giveInput(studio, text('good'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(asked).toHaveLength(0);
  showTrying(studio, true);
  await until(() => state().answers?.complete === true);
  clearInput(studio);
  expect(state().answers).toBeNull();
});

test('the original answers beside A and B', async () => {
  const { session } = await trying();
  const [baseline] = session().runs;
  if (!baseline) throw new Error('no baseline');
  const [a, b] = ['a', 'b'].map((id) => ({ ...baseline, id, kind: 'run' as const }));
  if (!a || !b) throw new Error('no runs');
  const choice = { runs: [baseline, a, b], selectedRunId: 'b', comparedWith: 'a', turned: false };
  expect(triedRuns(choice).map(({ id }) => id)).toEqual(['baseline', 'a', 'b']);
  expect(['baseline', 'a', 'b'].map((id) => letterOf(choice, id))).toEqual([null, 'A', 'B']);
  const alone = { runs: [baseline, a], selectedRunId: 'a', comparedWith: null, turned: false };
  expect(triedRuns(alone).map(({ id }) => id)).toEqual(['baseline', 'a']);
  expect(
    letterOf({ ...alone, runs: [baseline], selectedRunId: 'baseline' }, 'baseline'),
  ).toBeNull();
});

test('a text is gone on with token by token, until it is stopped', async () => {
  const token = (runId: string, id: number) => ({
    ...{ runId, id, text: ` w${id}`, share: 0.5, choices: [], durationMs: 3 },
  });
  const { studio, state } = await trying({
    trial: () => ({
      form: { kind: 'continuation', maxTokens: 512 },
      rowCount: 0,
      rowsName: 'synthetic inputs',
    }),
    continueText: async ([{ subjects }], { onProgress, stop: asked }) => {
      for (let id = 0; !asked?.aborted; id++) {
        onProgress?.(token('baseline', id));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return subjects.map(({ runId }) => ({ runId, why: 'stopped', failure: null }) as const);
    },
  });
  giveInput(studio, text('Once'));
  await until(() => state().answers?.complete === true);
  const ended = continueText(studio);
  await until(() => (state().continuation?.byRun.get('baseline')?.length ?? 0) > 2);
  expect(state().continuation?.ends).toBeNull();
  endContinuation(studio);
  await ended;
  expect(state().continuation?.ends).toEqual([
    { runId: 'baseline', why: 'stopped', failure: null },
  ]);
  giveInput(studio, text('Twice'));
  expect(state().continuation).toBeNull();
});
