import { expect, test } from 'vitest';
import { namedIds, withNewIds } from './trim-settings.ts';

/** 5, 7 and 9 stay. */
const ids = new Map([
  [5, 0],
  [7, 1],
  [9, 2],
]);

test('ids that settings name stay, at any depth, one or several', () => {
  const settings = {
    ...{ eos_token_id: [5, 7], pad_token_id: null, vocab_size: 100, suppress_tokens: [1, 2] },
    text_config: { bos_token_id: 9, hidden_size: 64 },
  };
  expect(namedIds(settings)).toEqual([5, 7, 9]);
});

test('what names ids names the new ones, and nothing else changes', () => {
  const settings = {
    ...{ eos_token_id: [5, 7], bos_token_id: 9, pad_token_id: null, hidden_size: 9, layers: [5] },
    text_config: { vocab_size: 100, decoder_start_token_id: 7, rope: { theta: 5 } },
    vocab_size: 100,
  };
  expect(withNewIds(settings, ids)).toEqual({
    ...{ eos_token_id: [0, 1], bos_token_id: 2, pad_token_id: null, hidden_size: 9, layers: [5] },
    text_config: { vocab_size: 3, decoder_start_token_id: 1, rope: { theta: 5 } },
    vocab_size: 3,
  });
});

test('lists of what is never written lose what cannot be written any more', () => {
  const settings = {
    ...{ suppress_tokens: [1, 5, 9], begin_suppress_tokens: [2] },
    bad_words_ids: [[5, 7], [5, 6], [9]],
  };
  expect(withNewIds(settings, ids)).toEqual({
    ...{ suppress_tokens: [0, 2], begin_suppress_tokens: [], bad_words_ids: [[0, 1], [2]] },
  });
});

test('settings that contain themselves many times over are left as they are below a depth', () => {
  let settings: Record<string, unknown> = { eos_token_id: 5 };
  for (let depth = 0; depth < 1000; depth++) settings = { inner: settings };
  expect(namedIds(settings)).toEqual([]);
  expect(withNewIds(settings, ids)).toEqual(settings);
});
