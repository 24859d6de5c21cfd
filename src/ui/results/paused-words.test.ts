import { expect, test } from 'vitest';
import { type AskingJob, pausedSentences, pausedTitle, restSentence } from './paused-words.ts';

const JOB: AskingJob = {
  status: 'asking',
  why: 'device-lost',
  task: {
    ...{ kind: 'compress', runId: 'r', name: 'int4', recipe: null, plannedBytes: null },
    startedAt: new Date(),
  },
  failure: { code: 'device-lost', message: 'The GPU (apple metal-3) was lost.', detail: null },
  at: new Date(2026, 10, 20, 13, 41, 44),
  finished: new Map(),
  total: 37,
  cpu: { status: 'known', durationMs: 360_000 },
};

test('the rest is counted, and nothing is said of a rest that there is not', () => {
  expect(restSentence(22, 37)).toBe('22 of 37 weights are done. Resume does the other 15.');
  expect(restSentence(36, 37)).toBe('36 of 37 weights are done. Resume does the last one.');
  expect(restSentence(0, 37)).toBe('');
  expect(restSentence(37, 37)).toBe('');
});

test('a lost GPU says when, why, what is safe and what the CPU would cost', () => {
  expect(pausedTitle(JOB)).toBe('The GPU was lost at 13:41:44');
  expect(pausedSentences(JOB, 3)).toBe(
    'The GPU (apple metal-3) was lost. 3 finished runs are kept. The CPU takes about 6 min 0 s for the rest.',
  );
  const unknown: AskingJob = { ...JOB, cpu: { status: 'unknown', reason: 'No memory left.' } };
  expect(pausedSentences(unknown, 0)).toContain('is not known: No memory left.');
  const measuring: AskingJob = { ...JOB, cpu: { status: 'measuring' } };
  expect(pausedSentences(measuring, 0)).toContain('Measuring how long the CPU takes.');
});

test('without WebGPU the title asks, with the time once it is known', () => {
  const job: AskingJob = { ...JOB, why: 'no-webgpu', failure: null };
  expect(pausedTitle(job)).toBe('No WebGPU here: compress on the CPU, about 6 min 0 s?');
  expect(pausedTitle({ ...job, cpu: { status: 'measuring' } })).toBe(
    'No WebGPU here: compress on the CPU?',
  );
  expect(pausedSentences(job, 0)).toBe(
    'Nothing was compressed yet. The CPU does the same, slower.',
  );
});
