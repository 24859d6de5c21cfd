import { deflateSync, strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { NO_MAPPING } from './data-mapping.ts';
import { MAX_PACKED_LENGTH, packJson, unpackJson } from './packed-json.ts';
import { packRecipe, unpackRecipe } from './recipe-link.ts';
import { packShared, parseShared, shareable, sharedToJson, unpackShared } from './shared-result.ts';
import { BASELINE, RUN } from './testing/runs.ts';

const recipe = presetRecipe('close', 'wasm');
const run = { ...RUN, recipe };
const steps = recipe.steps.map(() => ({ weightCount: 3, bytesBefore: 300, bytesAfter: 40 }));
const shared = shareable('sentiment-minilm', BASELINE, run, steps, null);

const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const packedText = (text: string): string => base64Url(deflateSync(strToU8(text)));

function problemOf(text: string): string {
  try {
    unpackShared(text);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-link') return error.message;
    throw error;
  }
  throw new Error('it was read');
}

test('a link holds figures, hashes and the recipe, and no row of any weight', () => {
  const link = packShared(shared) ?? '';
  expect(link).toMatch(/^[\w-]+$/);
  expect(link.length).toBeLessThan(2500);
  const read = unpackShared(link);
  expect(read).toEqual({ ...shared, run: { ...run, weights: [] } });
  expect(read.run.accuracy).toEqual(RUN.accuracy);
  expect(JSON.stringify(read)).not.toContain('encoder.layer');
});

test('a link holds how names were matched, and refuses a class that no model has', () => {
  const mapping = { ...NO_MAPPING, labels: { good: 1 } };
  const matched = shareable('m', BASELINE, run, null, mapping);
  expect(unpackShared(packShared(matched) ?? '').mapping).toEqual(mapping);
  const forged = { ...matched, mapping: { ...mapping, labels: { good: -1 } } };
  expect(problemOf(packedText(JSON.stringify(forged)))).toContain('mapping.labels.good');
});

test('a link has nothing of single rows, of which a result may have thousands', () => {
  const given = Array.from({ length: 20_000 }, (_, row) => Math.sin(row));
  const scored = { rowScores: { task: 'number' as const, given }, answers: given.map(() => 1) };
  const link = packShared(
    shareable('m', { ...BASELINE, ...scored }, { ...run, ...scored }, steps, null),
  );
  const read = unpackShared(link ?? '');
  for (const report of [read.baseline, read.run]) {
    expect(report.answers).toBeNull();
    expect(report).not.toHaveProperty('rowScores');
  }
  expect(read.run.phases).toEqual(RUN.phases);
});

test('figures that JSON lacks come back', () => {
  const fidelity = RUN.fidelity && { ...RUN.fidelity, sqnrDb: Number.POSITIVE_INFINITY };
  const link = packShared(shareable('m', BASELINE, { ...run, fidelity }, null, null)) ?? '';
  expect(unpackShared(link).run.fidelity?.sqnrDb).toBe(Number.POSITIVE_INFINITY);
});

test('what does not fit is left out in its order: warnings before bytes per step', () => {
  const random = seededRandom(7);
  const noise = () => Array.from({ length: 3500 }, () => random.below(36).toString(36)).join('');
  const full = shareable(
    'm',
    BASELINE,
    { ...run, warnings: [noise(), noise(), noise()] },
    steps,
    null,
  );
  const read = unpackShared(packShared(full) ?? '');
  expect(read.run.warnings).toEqual([]);
  expect(read.run.phases).toEqual([]);
  expect(read.steps).toEqual(steps);
  expect(read.run.accuracy).toEqual(RUN.accuracy);
});

test('a recipe that no link holds is left to a file', () => {
  const names = Array.from({ length: 900 }, (_, at) => `layer ${(at * 7919) % 10007} ${at ** 3}`);
  const long = {
    ...recipe,
    steps: names.map((name) => ({ technique: 'rtn' as const, where: { name }, options: {} })),
  };
  expect(packShared(shareable('m', BASELINE, { ...run, recipe: long }, null, null))).toBeNull();
  expect(() => packRecipe(long)).toThrow(/at most 8192 fit. Export it as a file/);
  const asFile = sharedToJson(shareable('m', BASELINE, { ...run, recipe: long }, null, null));
  expect(parseShared(JSON.parse(asFile)).run.recipe).toEqual(long);
});

test('recipes come back from their links', () => {
  expect(unpackRecipe(packRecipe(recipe))).toEqual(recipe);
});

test.each([
  ['cut', (packShared(shared) ?? '').slice(0, 500), /cut off or damaged/],
  ['empty', '', /characters that no link has/],
  ['of other characters', 'a b', /characters that no link has/],
  ['not deflated', 'AAAA', /cut off or damaged/],
  ['too long', 'A'.repeat(MAX_PACKED_LENGTH + 1), /at most 8192 are read/],
  ['no JSON', packedText('{'), /not valid JSON/],
  ['another kind', packJson(recipe), /something else than a shared result/],
  ['newer', packJson({ ...shared, version: 2 }), /newer Whittle: version 2.*Reload the page/],
  ['of no version', packJson({ ...shared, version: 'x' }), /no version/],
  ['forged', packJson({ ...shared, title: 5 }), /forged: title is refused/],
  [
    'of two models',
    packJson({
      ...shared,
      baseline: { ...BASELINE, model: { ...BASELINE.model, sha256: 'f'.repeat(64) } },
    }),
    /two models/,
  ],
  ['without a run', packJson({ ...shared, run: BASELINE }), /no run beside its original/],
  [
    'of no bytes',
    packJson({ ...shared, run: { ...run, output: { ...run.output, byteLength: 0 } } }),
    /0 bytes/,
  ],
])('a link that is %s is refused in one sentence', (_, text, problem) => {
  expect(problemOf(text)).toMatch(problem);
});

test('a bomb is left packed', () => {
  const bomb = base64Url(deflateSync(new Uint8Array(5_000_000), { level: 9 }));
  expect(bomb.length).toBeLessThan(MAX_PACKED_LENGTH);
  expect(() => unpackJson(bomb)).toThrow(/unpacks to over 256 KB/);
});
