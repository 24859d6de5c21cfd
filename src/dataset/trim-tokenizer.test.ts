import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { alignTokens } from './align-tokens.ts';
import { openTokenizer } from './tokenizer.ts';
import { trimTokenizer } from './trim-tokenizer.ts';

type Json = Record<string, unknown>;

const opened = (json: Json) =>
  openTokenizer({ path: 'tokenizer.json', blob: new Blob([JSON.stringify(json)]) }, null, {
    ...{ tableRows: null, limit: null },
  });

const sample = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): Json => JSON.parse(readFileSync(sample(path), 'utf8'));

const WORDPIECE = read('public/samples/sentiment-tiny/tokenizer.json');
const SENTENCES = readFileSync(sample('public/samples/sentiment-tiny/test.csv'), 'utf8')
  .split('\n')
  .slice(1, 400);

/** Bytes as their own characters, and a few merges over them. */
function byteBpe(ignoreMerges = false): Json {
  const alphabet = [...Array(94).keys()].map((at) => String.fromCharCode(33 + at));
  const others = [...Array(12).keys()].map((at) => String.fromCharCode(161 + at));
  const rest = [...Array(82).keys()].map((at) => String.fromCharCode(174 + at));
  const controls = [...Array(68).keys()].map((at) => String.fromCharCode(256 + at));
  const singles = [...alphabet, ...others, ...rest, ...controls];
  const merges = [
    ...[
      ['Ġ', 't'],
      ['h', 'e'],
      ['Ġt', 'he'],
      ['i', 'n'],
      ['e', 'r'],
      ['in', 'g'],
      ['a', 't'],
    ],
    ...[
      ['o', 'n'],
      ['i', 'on'],
      ['at', 'ion'],
      ['Ġ', 'a'],
      ['l', 'l'],
      ['Ġa', 'll'],
      ['e', 's'],
    ],
    ...[
      ['m', 'o'],
      ['mo', 'v'],
      ['mov', 'i'],
      ['movi', 'e'],
      ['movie', 's'],
      ['g', 'o'],
      ['go', 'o'],
    ],
    ...[
      ['goo', 'd'],
      ['Ġ', 'movie'],
      ['Ġ', 'good'],
      ['th', 'e'],
    ],
  ];
  const tokens = ['<s>', ...singles, ...new Set(merges.map((pair) => pair.join('')))];
  return {
    added_tokens: [{ id: 0, content: '<s>', special: true }],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: {
      ...{ type: 'BPE', ignore_merges: ignoreMerges },
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

function unigram(): Json {
  const singles = [...'abcdefghijklmnopqrstuvwxyz▁.,'].map((it, at) => [it, -6 - at / 10]);
  const words = [
    '▁the',
    '▁movie',
    '▁good',
    '▁mov',
    'ie',
    '▁go',
    'od',
    '▁a',
    'll',
    'ing',
    '▁th',
    'er',
  ];
  const pieces = words.map((word, at) => [word, -3 - at / 7]);
  return {
    added_tokens: [
      { id: 0, content: '<pad>', special: true },
      { id: 1, content: '<unk>', special: true },
    ],
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    model: {
      type: 'Unigram',
      unk_id: 1,
      vocab: [['<pad>', 0], ['<unk>', 0], ...singles, ...pieces],
    },
  };
}

const TOKENIZERS: Readonly<Record<string, Json>> = {
  WordPiece: WORDPIECE,
  'BPE of bytes': byteBpe(),
  'BPE that looks words up first': byteBpe(true),
  Unigram: unigram(),
};

const random = seededRandom(11);
const anyText = () =>
  Array.from({ length: random.below(40) }, () => {
    const kind = random.below(4);
    if (kind === 0) return String.fromCodePoint(97 + random.below(26));
    if (kind === 1) return ' ';
    if (kind === 2) return String.fromCodePoint(33 + random.below(0x500));
    return String.fromCodePoint(0x4e00 + random.below(0x2000));
  }).join('');

describe.each(Object.entries(TOKENIZERS))('%s', (_name, json) => {
  const corpus = [...SENTENCES.slice(0, 120), 'the good movies all in motion', ''];

  test('splits texts that it was trimmed for as before', async () => {
    const before = await opened(json);
    const used = new Set(corpus.flatMap((text) => before.content(text)));
    const { json: trimmed, kept } = trimTokenizer('tokenizer.json', json, used);
    const size = Object.keys((json['model'] as Json)['vocab'] as object).length;
    expect(kept.length).toBeLessThan(size);
    expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
    const after = await opened(JSON.parse(JSON.stringify(trimmed)));
    for (const text of corpus) {
      expect(after.content(text).map((id) => kept[id])).toEqual(before.content(text));
      expect(after.whole(text).map((id) => kept[id])).toEqual(before.whole(text));
      expect(after.decode(after.content(text))).toBe(before.decode(before.content(text)));
    }
  });

  test('splits any other text too', async () => {
    const before = await opened(json);
    const used = new Set(corpus.slice(0, 3).flatMap((text) => before.content(text)));
    const { json: trimmed, kept } = trimTokenizer('tokenizer.json', json, used);
    const after = await opened(trimmed);
    const texts = [...SENTENCES, ...Array.from({ length: 300 }, anyText)];
    for (const text of texts) {
      const ids = after.content(text);
      expect(ids.every((id) => id >= 0 && id < kept.length)).toBe(true);
      const isUnknown = before.decode(before.content(text)).includes('[UNK]');
      if (!isUnknown && _name.startsWith('BPE')) {
        expect(after.decode(ids)).toBe(before.decode(before.content(text)));
      }
    }
  });

  test('spells what it splits as the whole one does, so that places can be found', async () => {
    const before = await opened(json);
    const used = new Set(corpus.slice(0, 3).flatMap((text) => before.content(text)));
    const { json: trimmed } = trimTokenizer('tokenizer.json', json, used);
    const after = await opened(trimmed);
    let pieces = 0;
    for (const text of SENTENCES) {
      const [original, own] = [before.whole(text), after.whole(text)];
      const ends = alignTokens(before.spell(original), after.spell(own));
      expect(ends.at(-1)).toBe(own.length - 1);
      expect(ends.filter((end) => end >= 0).length).toBeGreaterThan(0.5 * ends.length);
      pieces += own.length - original.length;
    }
    expect(pieces).toBeGreaterThan(0);
  });

  test('of nothing used keeps characters and special tokens', async () => {
    const { json: trimmed, kept } = trimTokenizer('tokenizer.json', json, []);
    const again = trimTokenizer('tokenizer.json', trimmed, []);
    expect(again.kept).toEqual(kept.map((_, id) => id));
    expect(again.json).toEqual(trimmed);
  });
});

test('special tokens keep their places in templates', () => {
  const { json, kept } = trimTokenizer('tokenizer.json', WORDPIECE, [], [500]);
  expect(kept).toContain(500);
  const old = WORDPIECE['added_tokens'] as Json[];
  const now = json['added_tokens'] as Json[];
  expect(now.map(({ id }) => kept[id as number])).toEqual(old.map(({ id }) => id));
  const specials = JSON.stringify((json['post_processor'] as Json)['special_tokens']);
  const [cls] = now.filter(({ content }) => content === '[CLS]');
  expect(specials).toContain(`"[CLS]":{"id":"[CLS]","ids":[${cls?.['id']}]`);
});

test('a model that is not known is refused by name', () => {
  expect(() => trimTokenizer('tokenizer.json', { model: { type: 'Odd' } }, [])).toThrow('"Odd"');
});

const large = process.env['WHITTLE_SAMPLES'];
describe.skipIf(!large || !existsSync(`${large}/sentiment-minilm/train.csv`))(
  'large samples',
  () => {
    test.each([
      ['sentiment-minilm', 'train.csv', 'test.csv'],
      ['tiny-llama', 'calibration.txt', 'test.txt'],
    ])('%s', async (name, train, unseen) => {
      const text = (file: string) => readFileSync(`${large}/${name}/${file}`, 'utf8').split('\n');
      const json = JSON.parse(readFileSync(`${large}/${name}/tokenizer.json`, 'utf8'));
      const before = await opened(json);
      const corpus = text(train);
      const used = new Set(corpus.flatMap((line) => before.content(line)));
      const { json: trimmed, kept } = trimTokenizer('tokenizer.json', json, used);
      const after = await opened(trimmed);
      for (const line of corpus) {
        expect(after.content(line).map((id) => kept[id])).toEqual(before.content(line));
      }
      for (const line of text(unseen)) {
        expect(after.decode(after.content(line)).replaceAll(/\s/g, '')).toBe(
          before.decode(before.content(line)).replaceAll(/\s/g, ''),
        );
      }
    });
  },
);
