/** Links come from anywhere: mutants of their text and of what they hold open, or are refused. */

import { deflateSync, strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { fuzz, fuzzSettings, type Outcome, report } from '../core/testing/fuzz.ts';
import { mutateBytes } from '../core/testing/mutate-bytes.ts';
import { mutateJson } from '../core/testing/mutate-json.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { packRecipe, unpackRecipe } from './recipe-link.ts';
import { packShared, shareable, unpackShared } from './shared-result.ts';
import { BASELINE, RUN } from './testing/runs.ts';

const settings = fuzzSettings(process.env);
const recipe = presetRecipe('close', 'wasm');
const shared = shareable('minilm', BASELINE, { ...RUN, recipe }, null, null);
const LINK = packShared(shared) ?? '';
const PACKED = new Uint8Array(Buffer.from(LINK, 'base64url'));
const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Opens and comes back the same, or is refused as a link or a recipe is. */
function attempt(text: string): Outcome {
  try {
    const read = unpackShared(text);
    expect(unpackShared(packShared(read) ?? '')).toEqual(read);
    expect(Object.keys(Object.prototype)).toEqual([]);
    return 'accepted';
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-link') return 'rejected';
    throw error;
  }
}

test(`mutants of links, seed ${settings.seed}`, { timeout: 0 }, async () => {
  const characters = await fuzz(
    {
      ...{ base: 'link-text', mutants: 800 },
      attempt: (random) =>
        attempt(
          Buffer.from(mutateBytes(new Uint8Array(Buffer.from(LINK)), random)).toString('latin1'),
        ),
    },
    settings,
  );
  report('link-text', characters, settings);
  const packed = await fuzz(
    {
      ...{ base: 'link-packed', mutants: 800 },
      attempt: (random) => attempt(base64Url(mutateBytes(PACKED, random))),
    },
    settings,
  );
  report('link-packed', packed, settings);
  const json = JSON.stringify(shared);
  const inside = await fuzz(
    {
      ...{ base: 'link-json', mutants: 500 },
      attempt: (random) => attempt(base64Url(deflateSync(strToU8(mutateJson(json, random))))),
    },
    settings,
  );
  report('link-json', inside, settings);
  if (settings.only !== undefined) return;
  expect(characters.rejected).toBeGreaterThan(400 * settings.scale);
  expect(inside.accepted).toBeGreaterThan(10 * settings.scale);
  expect(inside.rejected).toBeGreaterThan(100 * settings.scale);
});

test('mutants of recipe links', { timeout: 0 }, async () => {
  const text = packRecipe(recipe);
  const tally = await fuzz(
    {
      ...{ base: 'recipe-link', mutants: 600 },
      attempt: (random) => {
        try {
          unpackRecipe(
            Buffer.from(mutateBytes(new Uint8Array(Buffer.from(text)), random)).toString('latin1'),
          );
          return 'accepted';
        } catch (error) {
          if (error instanceof StudioError) return 'rejected';
          throw error;
        }
      },
    },
    settings,
  );
  report('recipe-link', tally, settings);
  if (settings.only === undefined) expect(tally.rejected).toBeGreaterThan(300 * settings.scale);
});
