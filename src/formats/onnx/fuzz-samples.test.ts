import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fuzz, fuzzSettings, report } from '../../core/testing/fuzz.ts';
import { planEverywhere } from '../../plan/testing/plan-everywhere.ts';
import { attemptModel } from './testing/attempt-model.ts';
import { mutateModel, mutationBase } from './testing/mutate-model.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const settings = fuzzSettings(process.env);
/** What is allocated, touched or not, and the most that was ever touched. */
const memoryInUse = () => {
  const { heapUsed, external } = process.memoryUsage();
  return [heapUsed + external, process.resourceUsage().maxRSS * 1024];
};

const SAMPLES = [
  { name: 'digits', folder: 'public/samples', mutants: 1600 },
  { name: 'sentiment-tiny', folder: 'public/samples', mutants: 800 },
  { name: 'sentiment-minilm', folder: WHITTLE_SAMPLES, mutants: 200 },
];

test.for(SAMPLES)(
  `$mutants mutants of $name, seed ${settings.seed}`,
  { timeout: 0 },
  async ({ name, folder, mutants }, { skip }) => {
    const path = `${folder}/${name}/model.onnx`;
    skip(!existsSync(path), `WHITTLE_SAMPLES names no folder with ${name}`);
    const base = mutationBase(name, new Uint8Array(readFileSync(path)));
    const attempt = await attemptModel([], planEverywhere, memoryInUse);
    const tally = await fuzz(
      { base: name, mutants, attempt: (random) => attempt(mutateModel(base, random)) },
      settings,
    );
    report(name, tally, settings);
    if (settings.only !== undefined) return;
    expect(tally.accepted).toBeGreaterThan((mutants * settings.scale) / 10);
    expect(tally.rejected).toBeGreaterThan((mutants * settings.scale) / 10);
  },
);
