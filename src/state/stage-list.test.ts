import { expect, test } from 'vitest';
import type { StageProgress } from '../bridge/stage-progress.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { measureParts, measureSlots } from './measure-parts.ts';
import { learnedPaces, wholeTime } from './paces.ts';
import { listStages, oneSlot, type Staged, withStage, workSlot } from './stage-list.ts';
import type { Phase } from './stage-record.ts';
import type { Device } from './state.ts';
import { device as summary } from './testing/minilm.ts';

const recipe = presetRecipe('close', 'wasm');
const gpu = (software: boolean): Device => ({
  status: 'known',
  summary: { ...summary, webgpu: summary.webgpu && { ...summary.webgpu, software } },
});
const software = gpu(true);
const asked = { recipe, scoreOn: 'wasm', needsOriginal: true } as const;
const given = { device: software, rows: 100, timeSoftware: false, scoresAgain: false };
const outline = [
  ...[0, 1].map((step) =>
    workSlot({ stage: 'compress', steps: [step], weightCount: 2, elementCount: 100 }, recipe),
  ),
  oneSlot('write'),
  ...measureSlots(measureParts(software, asked), given),
];

const told = (it: Partial<StageProgress> & Pick<StageProgress, 'stage'>): StageProgress => ({
  ...{ done: 0, total: 1, current: '', elapsedMs: 0, remainingMs: null },
  ...it,
});
const after = (...all: readonly (readonly [Phase, StageProgress])[]): Staged => ({
  outline,
  stages: all.reduce(
    (stages, [phase, progress]) => withStage(stages, phase, progress),
    [] as Staged['stages'],
  ),
});

test('every stage is listed from the beginning, in the order in which it runs', () => {
  const names = listStages(after()).map(({ key, status }) => `${key.trim()}: ${status}`);
  expect(names).toEqual([
    'run compress  0: waiting',
    'run compress  1: waiting',
    'run write: waiting',
    'original session wasm: waiting',
    'original latency wasm: waiting',
    'original accuracy wasm: waiting',
    'run session wasm: waiting',
    'run truth wasm: waiting',
    'run latency wasm: waiting',
    'run accuracy wasm: waiting',
    'run session webgpu: waiting',
    'run truth webgpu: waiting',
    'run placement webgpu: waiting',
    'original session webgpu: waiting',
    'original truth webgpu: waiting',
    'original placement webgpu: waiting',
  ]);
});

test('the original goes first wherever its WebGPU is a real one, or is the target', () => {
  const order = (device: Device, target: 'wasm' | 'webgpu') =>
    measureParts(device, { ...asked, recipe: { ...recipe, target } }).map(
      ({ subject, backends }) => `${subject} ${backends.join(' ')}`,
    );
  const usual = ['original wasm webgpu', 'run wasm webgpu'];
  expect(order(gpu(false), 'wasm')).toEqual(usual);
  expect(order(software, 'webgpu')).toEqual(usual);
  expect(order(software, 'wasm')).toEqual(['original wasm', 'run wasm webgpu', 'original webgpu']);
});

test('none vanishes: what was gone over stays, and what nobody foresaw stands where it came', () => {
  const list = listStages(
    after(
      ['compress', told({ stage: 'compress', step: 1, done: 2, total: 2 })],
      ['compress', told({ stage: 'calibrate', done: 1, total: 9 })],
    ),
  );
  expect(list).toHaveLength(outline.length + 1);
  expect(list.slice(0, 4).map(({ status }) => status)).toEqual([
    ...['over', 'done', 'running', 'waiting'],
  ]);
  expect(list[2]).toMatchObject({ slot: null, record: { stage: 'calibrate' } });
});

test('the time left in all waits for the stages that nothing is known of', () => {
  const wasm = { backend: 'wasm' } as const;
  const job = after([
    'compress',
    told({ stage: 'compress', step: 0, done: 1, elapsedMs: 400, remainingMs: 600 }),
  ]);
  // Both steps round to nearest: one pace.
  expect(wholeTime(job, new Map())).toMatchObject({ knownMs: 1600 });
  expect(wholeTime(job, new Map()).unknown[0]?.key).toBe('run write  ');
  const scoring = after(
    ['measure-baseline', told({ stage: 'latency', ...wasm, done: 9, total: 9, elapsedMs: 1000 })],
    [
      'measure-baseline',
      told({ stage: 'accuracy', ...wasm, done: 50, total: 100, elapsedMs: 500, remainingMs: 500 }),
    ],
  );
  const { knownMs, unknown } = wholeTime(scoring, new Map());
  // The rest of the rows, a run's rows, and pairs that take twice as long as the original alone.
  expect(knownMs).toBeCloseTo(500 + 1000 + 2000, -2);
  expect(unknown.map(({ key }) => key.trim())).toContain('run session wasm');
});

test('what took its time is known in the next job, also of a scoring that was stopped', () => {
  const paces = learnedPaces(
    new Map(),
    after(
      [
        'measure',
        told({ stage: 'accuracy', backend: 'wasm', done: 20, total: 100, elapsedMs: 400 }),
      ],
      ['measure', told({ stage: 'session', backend: 'webgpu', elapsedMs: 70 })],
    ),
  );
  expect(paces.get('run accuracy wasm')).toBeCloseTo(20, 0);
  expect(paces.has('run session webgpu')).toBe(false);
});
