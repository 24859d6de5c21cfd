/** Decoding needs a browser: Node has no images. */
import { expect, test } from 'vitest';
import { openDataset } from './dataset.ts';
import { decodeImage } from './decode-image.ts';
import { graphOf, modelOf, named, withOutput } from './testing/tiny-files.ts';
import { JPEG, PNG, pattern, WEBP } from './testing/tiny-images.ts';

const rgbOf = ({ data }: { data: Uint8Array | Uint8ClampedArray }) =>
  Array.from(data).filter((_, index) => index % 4 !== 3);

test.each([
  ['a.png', PNG],
  ['a.webp', WEBP],
])('%s gives the pixels that it was made of', async (path, bytes) => {
  const image = await decodeImage(named(path, bytes));
  expect([image.width, image.height]).toEqual([6, 4]);
  expect(rgbOf(image)).toEqual(Array.from(pattern(6, 4)));
});

test('a JPEG gives what Pillow reads from it, to a step of its rounding', async () => {
  const image = await decodeImage(named('a.jpg', JPEG));
  expect([image.width, image.height]).toEqual([24, 16]);
  for (const [index, value] of rgbOf(image).entries()) {
    expect(Math.abs(value - ([200, 31, 90][index % 3] ?? 0))).toBeLessThanOrEqual(2);
  }
});

test('a row of an image folder is decoded when it is asked for', async () => {
  const input = { name: 'x', dtype: 'float32', dims: ['batch', 3, 'h', 'w'] } as const;
  const model = modelOf(withOutput(graphOf([input]), 'logits', 'batch', 2));
  const steps = named('preprocessor_config.json', '{"do_resize": false, "do_rescale": false}');
  const files = [named('test/0/a.png', PNG), named('test/1/a.webp', WEBP), steps];
  const { evaluation, latencyInput, summary } = await openDataset(files, model, { seed: 1 });
  expect(summary).toMatchObject({ kind: 'labelled', evaluationRows: 2 });
  const { x } = await evaluation.feeds(0);
  expect(x?.dims).toEqual([1, 3, 4, 6]);
  const source = pattern(6, 4);
  expect(Array.from(x?.data ?? [], Number)).toEqual(
    [0, 1, 2].flatMap((channel) => Array.from({ length: 24 }, (_, at) => source[at * 3 + channel])),
  );
  expect((await evaluation.feeds(1))['x']?.data).toEqual(x?.data);
  expect((await latencyInput())?.description).toBe('1 × 3 × 4 × 6');
});

test.each([
  ['damaged', PNG.slice(0, 60), /a.png cannot be decoded: it is damaged/],
  ['no image', new TextEncoder().encode('<svg/>'), /a.png is no PNG, JPEG or WebP image/],
  ['empty', new Uint8Array(0), /a.png is no PNG/],
])('%s bytes are an error that names the file', async (_, bytes, message) => {
  await expect(decodeImage(named('a.png', bytes))).rejects.toMatchObject({
    code: 'bad-dataset',
    message: expect.stringMatching(message),
  });
});

test('a header that claims too much is refused before it is decoded', async () => {
  const bomb = PNG.slice();
  new DataView(bomb.buffer).setUint32(16, 50_000);
  new DataView(bomb.buffer).setUint32(20, 50_000);
  await expect(decodeImage(named('a.png', bomb))).rejects.toMatchObject({ code: 'too-large' });
});
