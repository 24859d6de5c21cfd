import { describe, expect, test } from 'vitest';
import { openDataset } from './dataset.ts';
import {
  imageModel,
  imagesNpz,
  named,
  npy,
  npz,
  textModel,
  tinyTokenizer,
} from './testing/tiny-files.ts';

const seed = { seed: 1 };
const tokenizer = named('tokenizer.json', tinyTokenizer);
const config = named('config.json', '{"id2label":{"0":"neg","1":"pos"}}');

describe('a wrong table is refused with file, row and remedy', () => {
  test.each([
    ['ragged row', 'text,label\na,pos\nb,neg,extra\n', 'row 3 has 3 fields and the header 2'],
    ['open quote', 'text,label\n"a,pos\n', 'a quote that is not closed'],
    ['empty', '', 'has no header'],
    ['header only', 'text,label\n', 'a header and no rows'],
    ['not UTF-8', new Uint8Array([0x74, 0x65, 0x78, 0x74, 0x0a, 0xff, 0xfe]), 'not UTF-8'],
  ])('%s', async (_, content, message) => {
    const opening = openDataset(
      [named('test.csv', content), tokenizer, config],
      textModel(9),
      seed,
    );
    await expect(opening).rejects.toMatchObject({
      code: 'bad-dataset',
      message: expect.stringContaining(message),
      detail: { file: 'test.csv' },
    });
  });

  test('quotes, line breaks, separators and a byte-order mark are read as Python reads them', async () => {
    const content = '\ufefftext,label\r\n"good ""movie"", bad\nmovie",pos\r\n\r\nbad,neg\r\n';
    const dataset = await openDataset(
      [named('test.csv', content), named('train.csv', 'text\nmovie\n'), tokenizer, config],
      textModel(9),
      seed,
    );
    expect([0, 1].map(dataset.evaluation.text)).toEqual(['good "movie", bad\nmovie', 'bad']);
  });
});

describe('a wrong tokenizer is refused', () => {
  const edited = (edit: (json: Record<string, unknown>) => void) => {
    const json = JSON.parse(tinyTokenizer);
    edit(json);
    return JSON.stringify(json);
  };
  test.each([
    ['not JSON', '{"model":', 'not valid JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['no model', edited((json) => delete json['model']), 'has no "model"'],
    [
      'unknown model',
      edited((json) => Object.assign(json, { model: { type: 'Magic' } })),
      'cannot be used',
    ],
    [
      'vocabulary of nothing',
      edited((json) => Object.assign(json, { model: { type: 'WordPiece' } })),
      'tokenizer.json',
    ],
    [
      'added tokens of a wrong kind',
      edited((json) => Object.assign(json, { added_tokens: 3 })),
      'wrong "added_tokens"',
    ],
    [
      'an added token that claims to be long',
      edited((json) =>
        Object.assign(json, { added_tokens: [{ id: 0, content: { length: 2 ** 32 } }] }),
      ),
      'wrong "added_tokens"',
    ],
  ])('%s', async (_, content, message) => {
    const files = [named('test.csv', 'text\ngood\n'), named('tokenizer.json', content)];
    await expect(openDataset(files, textModel(9), seed)).rejects.toMatchObject({
      code: 'bad-tokenizer',
      message: expect.stringContaining(message),
    });
  });

  test('of another model: an id beyond the embedding', async () => {
    const files = [named('test.csv', 'text\ngood movies\n'), tokenizer];
    const dataset = await openDataset(files, textModel(6), seed);
    expect(() => dataset.evaluation.feeds(0)).toThrow(
      /gives the id 6, but the model's table has 6 rows/,
    );
  });
});

describe('a wrong array is refused', () => {
  const image = npy('<f4', [2, 1, 2, 2], new Float32Array(8));
  const whole = imagesNpz(6);
  const flipped = whole.slice();
  flipped[60] = (flipped[60] ?? 0) ^ 0xff;
  test.each([
    ['no zip', new Uint8Array(100), 'no zip directory'],
    ['cut off', whole.slice(whole.length - 60), 'damaged'],
    ['flipped byte', flipped, 'damaged'],
    [
      'other shape',
      npz({ image: npy('<f4', [2, 2, 2], new Float32Array(8)) }),
      'image is 2 × 2 × 2; the model takes rows × 1 × 2 × 2',
    ],
    [
      'bytes for floats',
      npz({ image: npy('|u1', [2, 1, 2, 2], new Uint8Array(8)) }),
      'image is uint8 and the model takes float32',
    ],
    ['big-endian', npz({ image: npy('>f4', [2, 1, 2, 2], new Float32Array(8)) }), 'big-endian'],
    ['objects', npz({ image: npy('|O', [2], new Uint8Array(8)) }), 'its type |O is not read'],
    [
      'short',
      npz({ image: npy('<f4', [9, 1, 2, 2], new Float32Array(8)) }),
      'holds 32 B, but 9 × 1 × 2 × 2 float32 take 144 B',
    ],
    [
      'huge claim',
      npz({ image: npy('<f4', [2 ** 40, 2 ** 40], new Float32Array(8)) }),
      'holds 32 B',
    ],
    [
      'labels of other rows',
      npz({ image, labels: npy('<i8', [3], new BigInt64Array(3)) }),
      '2 rows need 2 labels',
    ],
    [
      'no class',
      npz({ image, labels: npy('<i8', [2], BigInt64Array.of(0n, 7n)) }),
      'row 2 of labels is 7; config.json names 2 classes',
    ],
    [
      'no array',
      npz({ image: new TextEncoder().encode('hello, this is not an array') }),
      'not a NumPy array',
    ],
  ])('%s', async (_, content, message) => {
    const opening = openDataset([named('test.npz', content), config], imageModel, seed);
    await expect(opening).rejects.toMatchObject({
      code: 'bad-dataset',
      message: expect.stringContaining(message),
    });
  });

  test('every cut of an archive is an error, never a crash', async () => {
    for (let length = 0; length < whole.length; length += 7) {
      const files = [named('test.npz', whole.slice(0, length))];
      await expect(openDataset(files, imageModel, seed)).rejects.toMatchObject({
        code: 'bad-dataset',
      });
    }
  });

  test('a zip that claims more than it may hold is refused before inflating', async () => {
    const bomb = imagesNpz(6);
    const view = new DataView(bomb.buffer);
    for (let at = 0; at + 4 < bomb.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0x7fffffff, true);
    }
    await expect(openDataset([named('test.npz', bomb)], imageModel, seed)).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
