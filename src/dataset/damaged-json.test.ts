import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import { openDataset } from './dataset.ts';
import { named, textModel, tinyTokenizer } from './testing/tiny-files.ts';

const ODD = [null, -1, 2 ** 40, 'x', '', [], {}, true, [null], [1, 2], { type: 'x' }, { a: null }];

/** `value` with one part, chosen by `random`, replaced by something of another kind. */
function damaged(value: unknown, random: ReturnType<typeof seededRandom>): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = keys[random.below(Math.max(1, keys.length))];
  if (key === undefined || random.uniform() < 0.2) return ODD[random.below(ODD.length)];
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = damaged(copy[key], random);
  return copy;
}

test.each([
  ['tokenizer.json', JSON.parse(tinyTokenizer)],
  ['tokenizer_config.json', { model_max_length: 8, pad_token: { content: '[PAD]' } }],
  ['config.json', { id2label: { 0: 'a', 1: 'b' }, label2id: { a: 0, b: 1 }, pad_token_id: 0 }],
])('%s with any part replaced opens or says why not', async (path, json) => {
  const random = seededRandom(7);
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const broken = JSON.stringify(damaged(json, random));
    const good = [
      named('tokenizer.json', tinyTokenizer),
      named('test.csv', 'text,label\ngood movies 北京,0\nbad,1\n'),
    ].filter((file) => file.path !== path);
    try {
      const dataset = await openDataset([...good, named(path, broken)], textModel(9), { seed: 1 });
      for (let row = 0; row < dataset.evaluation.count; row++) dataset.evaluation.feeds(row);
    } catch (error) {
      expect(error, broken).toBeInstanceOf(StudioError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(500);
});
