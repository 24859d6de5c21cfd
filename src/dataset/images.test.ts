import { describe, expect, test } from 'vitest';
import { readImageHeader } from './image-header.ts';
import { type ImageInput, imageTensor } from './image-tensor.ts';
import { type Preprocessing, readPreprocessor } from './preprocessor.ts';
import { type Pixels, resizeImage } from './resize-image.ts';
import pillow from './testing/pillow-resize.json' with { type: 'json' };
import { named } from './testing/tiny-files.ts';
import { JPEG, PNG, pattern, WEBP, WEBP_LOSSY_HEAD } from './testing/tiny-images.ts';

const rgb = (width: number, height: number): Pixels => ({
  ...{ width, height, channels: 3, data: pattern(width, height) },
});
const rgba = (width: number, height: number): Pixels => {
  const data = new Uint8Array(width * height * 4).fill(255);
  const source = pattern(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set(source.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  }
  return { width, height, channels: 4, data };
};

type Golden = [number, number, number, number, number, number[]];

test.each(pillow as Golden[])(
  '%i × %i to %i × %i with filter %i is what Pillow gives, to the bit',
  (width, height, toWidth, toHeight, filter, wanted) => {
    expect(Array.from(resizeImage(rgb(width, height), toWidth, toHeight, filter).data)).toEqual(
      wanted,
    );
  },
);

describe('headers', () => {
  test.each([
    ['PNG', PNG, 6, 4],
    ['WebP', WEBP, 6, 4],
    ['WebP', WEBP_LOSSY_HEAD, 6, 4],
    ['JPEG', JPEG, 24, 16],
  ])('%s says its size', (type, bytes, width, height) => {
    expect(readImageHeader(bytes)).toEqual({ type, size: { width, height } });
  });

  test('of extended WebP has 24 bits a side', () => {
    const bytes = new Uint8Array(30);
    bytes.set(new TextEncoder().encode('RIFF....WEBPVP8X'));
    bytes.set([0xff, 0xff, 0x03, 0x00, 0x00, 0x01], 24);
    expect(readImageHeader(bytes)?.size).toEqual({ width: 0x40000, height: 0x10001 });
  });

  test('every cut is a header, one without a size, or none; never a crash', () => {
    for (const bytes of [PNG, WEBP, JPEG, WEBP_LOSSY_HEAD]) {
      for (let length = 0; length <= bytes.length; length++) {
        const header = readImageHeader(bytes.subarray(0, length));
        expect(header === null || header.size === null || header.size.width > 0).toBe(true);
      }
    }
  });

  test('a JPEG of nothing but segments ends', () => {
    const bytes = new Uint8Array(2 ** 20).fill(0xff);
    bytes[1] = 0xd8;
    expect(readImageHeader(bytes)).toEqual({ type: 'JPEG', size: null });
    const loops = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0, 0, 0);
    expect(readImageHeader(loops)?.size ?? null).toBeNull();
  });
});

describe('the tensor', () => {
  const STEPS: Preprocessing = {
    ...{ resize: null, resample: 2, crop: null, factor: 1 / 255, mean: null, std: null },
    ...{ reversed: false, channelsLast: false },
  };
  const input = (more: Partial<ImageInput> = {}): ImageInput => ({
    ...{ name: 'pixel_values', dtype: 'float32', channels: 3, channelsLast: false },
    ...more,
  });
  const source = pattern(6, 4);

  test('is scaled and normalized by channel, channels first or last, red or blue first', () => {
    const steps = { ...STEPS, mean: [0.5, 0.25, 0], std: [0.5, 1, 2] };
    const { dims, data } = imageTensor(rgba(6, 4), input(), steps);
    expect(dims).toEqual([1, 3, 4, 6]);
    expect(data[7]).toBeCloseTo(((source[7 * 3] ?? 0) / 255 - 0.5) / 0.5, 6);
    expect(data[24 + 7]).toBeCloseTo((source[7 * 3 + 1] ?? 0) / 255 - 0.25, 6);
    const last = imageTensor(rgba(6, 4), input({ channelsLast: true }), steps);
    expect([last.dims, last.data[7 * 3]]).toEqual([[1, 4, 6, 3], data[7]]);
    const reversed = imageTensor(rgba(6, 4), input(), { ...STEPS, reversed: true });
    expect(reversed.data[7]).toBeCloseTo((source[7 * 3 + 2] ?? 0) / 255, 6);
  });

  test('of one channel is the luma that Pillow has', () => {
    const grey = imageTensor(rgba(6, 4), input({ channels: 1, dtype: 'uint8' }), {
      ...STEPS,
      factor: 1,
    });
    // Image.convert("L") of the pattern
    expect(Array.from(grey.data, Number)).toEqual([
      ...[0, 26, 59, 72, 122, 181, 38, 58, 92, 106, 157, 217],
      ...[75, 95, 123, 144, 189, 105, 113, 120, 167, 181, 70, 127],
    ]);
  });

  test('has its shorter side resized and its middle cut out, black beyond the image', () => {
    const steps = { ...STEPS, factor: 1, resize: { edge: 8 }, crop: { width: 10, height: 8 } };
    const wide = imageTensor(rgba(6, 4), input(), steps);
    expect(wide.dims).toEqual([1, 3, 8, 10]);
    const resized = resizeImage(rgb(6, 4), 12, 8, 2); // 8 · 6 / 4
    expect(wide.data[0]).toBe(resized.data[3]); // one column in: (12 − 10) / 2
    const framed = imageTensor(rgba(6, 4), input(), {
      ...steps,
      resize: null,
      crop: { width: 7, height: 6 },
    });
    // Hugging Face puts the odd row and column before: ceil((7 − 6) / 2) = 1.
    expect([framed.data[0], framed.data[7], framed.data[8]]).toEqual([0, 0, source[0]]);
  });
});

describe('preprocessor_config.json', () => {
  const read = (json: object) =>
    readPreprocessor(named('preprocessor_config.json', JSON.stringify(json)));

  test.each([
    [
      'ViT',
      { size: { height: 224, width: 224 } },
      { resize: { exact: { height: 224, width: 224 } }, crop: null },
    ],
    ['ViT, old', { size: 224 }, { resize: { exact: { height: 224, width: 224 } } }],
    [
      'CLIP',
      {
        size: { shortest_edge: 224 },
        do_center_crop: true,
        crop_size: { height: 224, width: 224 },
        resample: 3,
      },
      { resize: { edge: 224 }, crop: { height: 224, width: 224 }, resample: 3 },
    ],
    [
      'ResNet',
      { size: 256, do_center_crop: true, crop_size: 224 },
      { resize: { edge: 256 }, crop: { height: 224, width: 224 } },
    ],
    [
      'ConvNeXT',
      { size: { shortest_edge: 224 }, crop_pct: 0.875 },
      { resize: { edge: 256 }, crop: { height: 224, width: 224 } },
    ],
    [
      'nothing done',
      { do_resize: false, do_rescale: false, do_normalize: false, image_mean: [1] },
      { resize: null, factor: 1, mean: null },
    ],
    [
      'MobileViT',
      { do_flip_channel_order: true, size: { shortest_edge: 288 } },
      { reversed: true },
    ],
    [
      'normalized',
      { image_mean: [0.5, 0.5, 0.5], image_std: [0.2, 0.2, 0.2] },
      { factor: 1 / 255, mean: [0.5, 0.5, 0.5] },
    ],
  ])('%s', async (_, json, wanted) => {
    expect(await read(json)).toMatchObject(wanted);
  });

  test.each([
    [{ size: { height: -1, width: 3 } }, 'size is no size'],
    [{ size: 1e6 }, 'size is no size'],
    [{ size: { longest_edge: 5 } }, 'size is no size'],
    [{ resample: 9 }, 'resample is no filter'],
    [{ rescale_factor: 'x' }, 'rescale_factor is not a number'],
    [{ image_mean: [1, 2] }, 'image_mean is not one number or three'],
    [{ image_mean: [0], image_std: [0] }, 'image_std is not one number or three'],
    [{ do_pad: true }, 'do_pad asks for padding'],
  ])('%j is refused by its key', async (json, message) => {
    await expect(read(json)).rejects.toMatchObject({
      code: 'bad-dataset',
      message: expect.stringContaining(message),
    });
  });
});
