/**
 * What protobuf's own implementation opens and refuses is what the wire reader does, but for one
 * thing: of a ten-byte varint it drops the bits beyond 64, and the reader refuses the file, as
 * `golden/onnx/malformed` asks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgeMissing, parsesAsModel } from '../../../e2e/support/judge.ts';
import { StudioError } from '../../core/studio-error.ts';
import { fuzz } from '../../core/testing/fuzz.ts';
import type { Bytes } from '../../core/testing/mutate-bytes.ts';
import { GOLDEN_FOLDER } from './testing/golden.ts';
import { mutateModel, mutationBase } from './testing/mutate-model.ts';
import { readWireTree } from './wire-tree.ts';

const SEED = 11;
const MUTANTS = 150; // of each golden
const STRICTER = 'more than 64 bits';

test.skipIf(judgeMissing)('mutants of the goldens', { timeout: 120_000 }, async () => {
  const mutants: {
    readonly name: string;
    readonly bytes: Bytes;
    readonly refusal: string | null;
  }[] = [];
  for (const file of readdirSync(GOLDEN_FOLDER).filter((name) => name.endsWith('.onnx'))) {
    const base = mutationBase(file, new Uint8Array(readFileSync(`${GOLDEN_FOLDER}/${file}`)));
    const attempt = async (random: Parameters<typeof mutateModel>[1]) => {
      const bytes = mutateModel(base, random);
      const refusal = await refusalOf(bytes);
      mutants.push({ name: `${file}#${mutants.length}`, bytes, refusal });
      return 'accepted' as const;
    };
    await fuzz(
      { base: file, mutants: MUTANTS, attempt },
      { seed: SEED, scale: 1, only: undefined },
    );
  }
  const parsed = await parsesAsModel(mutants.map(({ bytes }) => bytes));
  const differing = mutants.filter(
    ({ refusal }, at) => (refusal === null) !== parsed[at] && !refusal?.includes(STRICTER),
  );
  expect(differing.map(({ name, refusal }) => `${name}: ${refusal ?? 'opens'}`)).toEqual([]);
  expect(parsed.filter(Boolean).length).toBeGreaterThan(mutants.length / 2);
  expect(parsed.filter((each) => !each).length).toBeGreaterThan(mutants.length / 20);
});

/** null: it opens. */
async function refusalOf(bytes: Bytes): Promise<string | null> {
  try {
    await readWireTree(new Blob([bytes]), 'model.onnx');
    return null;
  } catch (error) {
    if (error instanceof StudioError) return error.message;
    throw error;
  }
}
