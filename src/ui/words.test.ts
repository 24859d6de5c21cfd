import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { RunningJob } from '../state/run-job.ts';
import { oneSlot, workSlot } from '../state/stage-list.ts';
import type { StageRecord } from '../state/stage-record.ts';
import type { Session } from '../state/state.ts';
import { device } from '../state/testing/minilm.ts';
import { countWords, isLong, jobProgress, wholeWords } from './job-words.ts';
import { namedWords, whereWords } from './recipe/where-words.ts';
import { abilities } from './start/abilities.ts';
import { tabTitle } from './tab-title.ts';

const recipe = presetRecipe('close', 'webgpu');

test.each([
  [undefined, 'every weight'],
  [{ op: ['MatMul', 'Gemm'] }, 'op is MatMul or Gemm'],
  [{ op: 'Gather', name: '*/word/*' }, 'op is Gather, name is */word/*'],
  [{ minElements: 10, not: { op: 'Gemm' } }, 'at least 10 elements, not (op is Gemm)'],
])('selection %j reads as %s', (where, words) => {
  expect(whereWords(where)).toBe(words);
});

test('a step for single weights names the one, and counts several', () => {
  const label = 'bert.encoder.layer.0.attention.self.query.weight';
  expect(namedWords([{ label: 'word_embeddings' }])).toBe('word_embeddings');
  expect(namedWords([{ label }])).toBe('…self.query.weight');
  expect(namedWords([{ label }, { label: 'b' }])).toBe('2 weights by name');
});

test('the bar is named by the step, with count and time left', () => {
  const job = {
    phase: 'compress',
    task: { kind: 'compress', name: 'x', recipe },
    outline: [],
    stages: [
      {
        ...{ phase: 'compress', stage: 'compress', step: 0, done: 22, total: 37, current: 'w' },
        ...{ elapsedMs: 1, remainingMs: 8000, began: 0 },
      },
    ],
  } as unknown as RunningJob;
  expect(jobProgress(job)).toEqual({
    name: 'Step 1 of 2: Round to nearest',
    count: '22 of 37 weights',
    left: '8.0 s left',
    share: 22 / 37,
  });
  expect(jobProgress({ ...job, stages: [] })).toMatchObject({ count: '', left: '', share: 0 });
});

const stage = (more: Partial<StageRecord>): StageRecord => ({
  ...{ phase: 'measure', stage: 'truth', done: 3, total: 793, current: '', elapsedMs: 0, began: 0 },
  remainingMs: null,
  ...more,
});

test('a stage says what it counts, and what is gone through meanwhile', () => {
  expect(countWords(stage({ least: 16 }))).toBe('3 rows');
  const within = { what: 'calibrate', done: 96, total: 207 } as const;
  expect(countWords(stage({ stage: 'compress', step: 0, done: 2, total: 37, within }))).toBe(
    '2 of 37 weights, calibrating: row 96 of 207',
  );
  expect(countWords(stage({ stage: 'reshape', done: 0, total: 1, within }))).toBe(
    'calibrating: row 96 of 207',
  );
  expect(countWords(stage({ stage: 'session', done: 1, total: 1 }))).toBe('');
});

test('time left in all is said once all stages are known, and until then what it waits for', () => {
  const job = running({
    outline: [
      workSlot({ stage: 'compress', steps: [0], weightCount: 2, elementCount: 9 }, recipe),
      oneSlot('write'),
    ],
    stages: [stage({ phase: 'compress', stage: 'compress', step: 0, remainingMs: 61_000 })],
  });
  expect(wholeWords(job, new Map())).toBe('At least 1 min 1 s left in all, more from “Write” on');
  expect(wholeWords(job, new Map([['write', 1000]]))).toBe('About 1 min 2 s left in all');
  expect(wholeWords(running({}), new Map())).toBe('');
});

const hosting = { isolation: { status: 'on' }, offline: { status: 'ready' } } as const;

test('what the device lacks is said in words', () => {
  const words = (name: string, summary = device) =>
    abilities(summary, hosting).find((it) => it.name === name)?.words;
  expect(words('WebGPU')).toBe('apple metal-3');
  const bare = { ...device, webgpu: null, webgpuMissing: 'blocked by policy', diskFreeBytes: null };
  expect(words('WebGPU', bare)).toBe('blocked by policy');
  expect(words('Disk for models', bare)).toBe('not reported');
  const gpu = device.webgpu && { ...device.webgpu, name: 'google swiftshader', software: true };
  expect(words('WebGPU', { ...device, webgpu: gpu })).toBe('google swiftshader, software adapter');
});

test('one thread, and no way to open without a network, are said with the reason', () => {
  const bare = { ...device, crossOriginIsolated: false, wasmThreads: 1 };
  const reason = 'this browser gives the page no service worker';
  const off = { status: 'off', reason } as const;
  const rows = abilities(bare, { isolation: off, offline: off });
  const words = (name: string) => rows.find((it) => it.name === name)?.words;
  expect(words('WASM threads')).toBe(`1, ${reason}`);
  expect(words('Without network')).toBe(`no, ${reason}`);
});

const running = (more: Partial<RunningJob>) =>
  ({
    status: 'running',
    phase: 'compress',
    task: { kind: 'compress', name: 'int4', recipe },
    outline: [],
    stages: [],
    ...more,
  }) as unknown as RunningJob;
const scoring = (elapsedMs: number, remainingMs: number | null) =>
  [
    {
      ...{ phase: 'measure', stage: 'accuracy', done: 427, total: 1000, current: '', began: 0 },
      ...{ elapsedMs, remainingMs },
    },
  ] as RunningJob['stages'];

test('the tab says what it is at', () => {
  const title = (job: unknown, unseenEnd: string | null = null) =>
    tabTitle({ session: { job, model: { title: 'minilm' } } as unknown as Session, unseenEnd });
  expect(tabTitle({ session: null, unseenEnd: null })).toBe('Whittle');
  expect(title({ status: 'idle' })).toBe('minilm – Whittle');
  expect(title(running({}))).toBe('int4 – Whittle');
  expect(title(running({ phase: 'measure', stages: scoring(1, null) }))).toBe(
    '42 % of int4 – Whittle',
  );
  expect(title({ ...running({}), status: 'asking' })).toBe('Paused: int4 – Whittle');
  expect(title({ status: 'idle' }, 'Done: int4')).toBe('Done: int4 – Whittle');
});

test('a job is long by what it took and what is left', () => {
  expect(isLong(running({}))).toBe(false);
  expect(isLong(running({ stages: scoring(30_000, null) }))).toBe(false);
  expect(isLong(running({ stages: scoring(30_000, 31_000) }))).toBe(true);
  expect(isLong(running({ stages: scoring(61_000, 0) }))).toBe(true);
});
