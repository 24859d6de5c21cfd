import { expect, test } from 'vitest';
import type { ContinueRequest } from '../bridge/trial-calls.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Growing } from '../dataset/making.ts';
import { NO_READOUT } from '../dataset/readout.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { Trial } from '../dataset/trial.ts';
import type { ContinuedToken } from '../report/trial.ts';
import { continueText } from './continue-text.ts';
import type { Subject } from './subjects.ts';

const VOCABULARY = 8;
const END = 7;

const growing: Growing = {
  endIds: [END],
  start: (text) => [...text].map(Number),
  feeds: (ids) => ({ feeds: feedsOf(ids), last: ids.length - 1 }),
  textOf: (_, id) => String(id),
};
const trial: Trial = {
  ...{ form: { kind: 'continuation', maxTokens: 64 }, growing, labels: [], multiLabel: false },
  readout: { ...NO_READOUT, answer: { name: 'logits', logits: true } },
  make: () => Promise.reject(new Error('not made')),
};

function feedsOf(ids: readonly number[]): Feeds {
  return { ids: { dtype: 'int32', dims: [1, ids.length], data: Int32Array.from(ids) } };
}

/** After token t, t + `step` is likeliest by `lead` logits. */
function counting(step: number, lead = 5): Subject {
  return {
    fresh: false,
    run: async (feeds) => {
      const ids = feeds[0]?.['ids']?.data ?? new Int32Array(0);
      const data = new Float32Array(ids.length * VOCABULARY);
      for (const [at, id] of ids.entries()) {
        data[at * VOCABULARY + ((Number(id) + step) % VOCABULARY)] = lead;
      }
      const logits = { dtype: 'float32', dims: [1, ids.length, VOCABULARY], data };
      return { ran: { feeds, outputs: [{ logits }] }, durationMs: 2 };
    },
  };
}

const request: ContinueRequest = {
  ...{ modelId: 'm', backend: 'wasm', tokens: 3, sampling: null, text: '01' },
  subjects: [
    { runId: 'baseline', files: null },
    { runId: 'run', files: [] },
  ],
};

async function written(
  subjects: Readonly<Record<string, Subject>>,
  changed: Partial<ContinueRequest> = {},
  stopAfter = Number.POSITIVE_INFINITY,
  trials: Readonly<Record<string, Trial>> = {},
) {
  const tokens: ContinuedToken[] = [];
  const stop = new AbortController();
  const ends = await continueText(
    { ...request, ...changed },
    {
      trial: async ({ runId }) => trials[runId] ?? trial,
      session: async ({ runId }) => {
        const subject = subjects[runId];
        if (!subject) throw new StudioError('runtime-failed', `${runId} does not open`);
        return subject;
      },
      progress: (token) => {
        tokens.push(token);
        if (tokens.length >= stopAfter) stop.abort();
      },
      signal: new AbortController().signal,
      stop: stop.signal,
    },
  );
  const idsOf = (runId: string) => tokens.filter((it) => it.runId === runId).map(({ id }) => id);
  return { tokens, ends, baseline: idsOf('baseline'), run: idsOf('run') };
}

test('each model goes on with its own tokens, in turn', async () => {
  const { tokens, ends, baseline, run } = await written({
    baseline: counting(1),
    run: counting(2),
  });
  expect(baseline).toEqual([2, 3, 4]);
  expect(run).toEqual([3, 5, 7]);
  expect(tokens.slice(0, 2).map(({ runId }) => runId)).toEqual(['baseline', 'run']);
  const share = Math.exp(5) / (Math.exp(5) + VOCABULARY - 1);
  expect(tokens[0]).toMatchObject({ text: '2', durationMs: 2 });
  expect(tokens[0]?.share).toBeCloseTo(share, 6);
  expect(tokens[0]?.choices[0]).toMatchObject({ index: 2, label: '2' });
  expect(ends.map(({ why }) => why)).toEqual(['length', 'end-of-text']);
});

test('a model with a tokenizer of its own writes in that, and is told by the original’s ids', async () => {
  // It has the even tokens alone: 0, 1, 2, 3 are the original's 0, 2, 4, 6.
  const own: Trial = {
    ...trial,
    growing: {
      ...growing,
      ...{ endIds: [3], originalIds: [0, 2, 4, 6] },
      start: (text) => [...text].map((digit) => Number(digit) / 2),
      textOf: (_, id) => String(2 * id),
    },
  };
  const trials = { baseline: trial, run: own };
  const models = { baseline: counting(2), run: counting(1) };
  const { tokens, baseline, run, ends } = await written(models, { text: '02' }, undefined, trials);
  expect(run).toEqual([4, 6]);
  expect(baseline).toEqual([4, 6, 0]);
  const ofRun = tokens.find(({ runId }) => runId === 'run');
  expect(ofRun?.text).toBe('4');
  expect(ofRun?.choices[0]).toMatchObject({ index: 4, label: '4' });
  expect(ofRun?.share).toBeCloseTo(Math.exp(5) / (Math.exp(5) + VOCABULARY - 1), 6);
  expect(ends.map(({ why }) => why)).toEqual(['length', 'end-of-text']);
});

test('a text ends where the model ends it, for that model alone', async () => {
  const models = { baseline: counting(1), run: counting(6) };
  const { baseline, run, ends } = await written(models, { tokens: 8 });
  expect(run).toEqual([7]);
  expect(baseline).toEqual([2, 3, 4, 5, 6, 7]);
  expect(ends.map(({ why }) => why)).toEqual(['end-of-text', 'end-of-text']);
});

test('both draw with the same numbers, and the same seed draws them again', async () => {
  const models = { baseline: counting(1, 0.5), run: counting(1, 0.5) };
  const sampling = { topK: 5, seed: 3 };
  const first = await written(models, { tokens: 30, sampling });
  expect(first.run).toEqual(first.baseline);
  expect((await written(models, { tokens: 30, sampling })).baseline).toEqual(first.baseline);
  const other = await written(models, { tokens: 30, sampling: { topK: 5, seed: 4 } });
  expect(other.baseline).not.toEqual(first.baseline);
});

test('it stops between tokens; one that cannot run leaves the other to go on', async () => {
  const stopped = await written({ baseline: counting(1), run: counting(1) }, { tokens: 5 }, 3);
  expect(stopped.tokens).toHaveLength(3);
  expect(stopped.ends.map(({ why }) => why)).toEqual(['stopped', 'stopped']);
  const alone = await written({ baseline: counting(1) });
  expect(alone.baseline).toEqual([2, 3, 4]);
  expect(alone.ends[1]).toMatchObject({ why: 'failed', failure: 'run does not open' });
});

test('nothing goes on from an empty text, nor without numbers', async () => {
  await expect(written({ baseline: counting(1) }, { text: '' })).rejects.toMatchObject({
    code: 'bad-dataset',
  });
  const broken = await written({ baseline: counting(1, Number.NaN), run: counting(1) });
  expect(broken.ends[0]).toMatchObject({ why: 'failed' });
  expect(broken.run).toEqual([2, 3, 4]);
});
