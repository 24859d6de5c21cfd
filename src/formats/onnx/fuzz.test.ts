import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fuzz, fuzzSettings, report } from '../../core/testing/fuzz.ts';
import { planEverywhere } from '../../plan/testing/plan-everywhere.ts';
import { attemptModel } from './testing/attempt-model.ts';
import { GOLDEN_FOLDER, readGolden } from './testing/golden.ts';
import { mutateModel, mutationBase } from './testing/mutate-model.ts';

const settings = fuzzSettings(process.env);
const NAMES = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length));
/** What is allocated, touched or not, and the most that was ever touched. */
const memoryInUse = () => {
  const { heapUsed, external } = process.memoryUsage();
  return [heapUsed + external, process.resourceUsage().maxRSS * 1024];
};
const MUTANTS = 430; // of each: 17,630 in all

test.each(NAMES)(`mutants of %s, seed ${settings.seed}`, { timeout: 0 }, async (name) => {
  const { sourceFiles } = readGolden(name, readFileSync);
  const [, ...sides] = sourceFiles;
  const base = mutationBase(name, new Uint8Array(readFileSync(`${GOLDEN_FOLDER}/${name}.onnx`)));
  const attempt = await attemptModel(sides, planEverywhere, memoryInUse);
  const tally = await fuzz(
    { base: name, mutants: MUTANTS, attempt: (random) => attempt(mutateModel(base, random)) },
    settings,
  );
  report(name, tally, settings);
  if (settings.only !== undefined) return;
  expect(tally.accepted).toBeGreaterThan((MUTANTS * settings.scale) / 10);
  expect(tally.rejected).toBeGreaterThan((MUTANTS * settings.scale) / 10);
});
