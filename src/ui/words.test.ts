import { expect, test } from 'vitest';
import { rtn } from '../catalog/rtn.ts';
import { presetRecipe } from '../recipe/presets.ts';
import type { RunningJob } from '../state/run-job.ts';
import { device } from '../state/testing/minilm.ts';
import { jobProgress } from './job-words.ts';
import { optionWords } from './recipe/option-words.ts';
import { selectionChoices, whereWords } from './recipe/where-words.ts';
import { abilities } from './start/abilities.ts';

const recipe = presetRecipe('close', 'webgpu');

test.each([
  [undefined, 'every weight'],
  [{ op: ['MatMul', 'Gemm'] }, 'op is MatMul or Gemm'],
  [{ op: 'Gather', name: '*/word/*' }, 'op is Gather, name is */word/*'],
  [{ minElements: 10, not: { op: 'Gemm' } }, 'at least 10 elements, not (op is Gemm)'],
])('selection %j reads as %s', (where, words) => {
  expect(whereWords(where)).toBe(words);
});

test('a step may select what it has, what presets select, each operator, or all', () => {
  const labels = selectionChoices(rtn, 'webgpu', { name: 'x' }).map(({ label }) => label);
  expect(labels[0]).toBe('name is x');
  expect(labels).toContain('op is MatMul or Gemm');
  expect(labels).toContain('op is Gather');
  expect(labels.at(-1)).toBe('every weight');
  expect(new Set(labels).size).toBe(labels.length);
});

test('folded options are said by their values', () => {
  const advanced = rtn.options.filter(({ level }) => level === 'advanced');
  expect(optionWords(advanced, { symmetric: true, scaleType: 'float16' })).toBe(
    'Symmetric, scales 16 bit',
  );
  expect(optionWords(advanced, { symmetric: false, scaleType: 'float32' })).toBe(
    'Symmetric: off, scales 32 bit',
  );
});

test('the bar is named by the step, with count and time left', () => {
  const job = {
    phase: 'compress',
    task: { kind: 'compress', name: 'x', recipe },
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

test('what the device lacks is said in words', () => {
  const words = (name: string, summary = device) =>
    abilities(summary).find((it) => it.name === name)?.words;
  expect(words('WebGPU')).toBe('apple metal-3');
  const bare = { ...device, webgpu: null, webgpuMissing: 'blocked by policy', diskFreeBytes: null };
  expect(words('WebGPU', bare)).toBe('blocked by policy');
  expect(words('Disk for models', bare)).toBe('not reported');
  const gpu = device.webgpu && { ...device.webgpu, name: 'google swiftshader', software: true };
  expect(words('WebGPU', { ...device, webgpu: gpu })).toBe('google swiftshader, software adapter');
});
