import { expect, test } from 'vitest';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import { PRESETS, presetRecipe } from '../../recipe/presets.ts';
import { costWords, unusable } from './families.ts';

test('a technique is offered where the model has what it acts on', () => {
  const { 'cut-channels': channels, rtn, vocabulary } = TECHNIQUES;
  expect(unusable(channels, new Set(['MatMul', 'Gemm', 'Gather']))).toBe(
    'Nothing to act on: this model has no Conv or ConvTranspose.',
  );
  expect(unusable(channels, new Set(['Conv', 'Gemm']))).toBeNull();
  expect(unusable(vocabulary, new Set(['Conv', 'Gemm']))).toMatch(/has no/);
  expect(unusable(rtn, new Set())).toMatch(/has none of MatMul/);
});

test('what a step costs is said', () => {
  expect(costWords(TECHNIQUES.rtn)).toBe('A good start. Needs no rows: quick.');
  expect(costWords(TECHNIQUES.gptq)).toBe('Runs calibration rows first: takes longer.');
});

test('what is called a good start is what presets take', () => {
  const taken = PRESETS.flatMap(({ id }) => presetRecipe(id, 'webgpu').steps).map(
    ({ technique }) => technique,
  );
  for (const [id, { isGoodStart }] of Object.entries(TECHNIQUES)) {
    if (isGoodStart) expect(taken).toContain(id);
  }
});
