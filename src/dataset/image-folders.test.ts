import { describe, expect, test } from 'vitest';
import type { ValueInfo } from '../model/model.ts';
import { openDataset } from './dataset.ts';
import { NO_MAPPING } from './mapping.ts';
import { graphOf, imageModel, modelOf, named, withOutput } from './testing/tiny-files.ts';
import { PNG } from './testing/tiny-images.ts';

const seed = { seed: 1 };

describe('folders', () => {
  const image: ValueInfo = { name: 'pixel_values', dtype: 'float32', dims: ['batch', 3, 8, 8] };
  const model = modelOf(withOutput(graphOf([image]), 'logits', 'batch', 2));
  const config = named('config.json', '{"id2label":{"0":"tabby cat","1":"dog"}}');
  const steps = named('preprocessor_config.json', '{"size":{"height":8,"width":8}}');
  /** A PNG with its index behind it, so that each is another file. */
  const png = (path: string, index = 0) => named(path, new Blob([PNG, Uint8Array.of(index)]));

  test('are classes by name, and calibrate or measure by the folders around them', async () => {
    const files = [
      ...['test/dog/1.png', 'test/tabby_cat/2.png', 'train/dog/3.png', 'train/dog/1.png'].map(
        (path) => png(`pets/${path}`, Number(/\d/.exec(path)?.[0])),
      ),
      ...[config, steps],
    ];
    const { evaluation, calibration, summary, task, preprocessing } = await openDataset(
      files,
      model,
      seed,
    );
    expect(summary).toMatchObject({
      ...{ kind: 'labelled', metric: 'accuracy', name: 'test', evaluationRows: 2 },
      calibrationRows: 1, // 1.png is in both
      needsMapping: [],
      unread: [],
    });
    expect(task).toBe('classes');
    expect([0, 1].map(evaluation.label)).toEqual([1, 0]);
    expect(calibration.text(0)).toBe('pets/train/dog/3.png');
    expect(preprocessing).toBe('resized to 8 × 8 (bilinear), times 0.003922, RGB');
  });

  test('that are no classes are named to be mapped', async () => {
    const files = [png('pets/hund/1.png', 1), png('pets/katze/2.png', 2), config, steps];
    const { summary } = await openDataset(files, model, seed);
    expect(summary).toMatchObject({
      kind: 'unlabelled',
      needsMapping: [
        {
          kind: 'labels',
          file: 'pets',
          values: [{ value: 'hund' }, { value: 'katze' }],
          classes: ['tabby cat', 'dog'],
        },
      ],
    });
    const mapping = { ...NO_MAPPING, labels: { hund: 1, katze: 0 } };
    const mapped = await openDataset(files, model, { seed: 1, mapping });
    expect(mapped.summary).toMatchObject({ kind: 'labelled', needsMapping: [] });
    const alone = await openDataset([png('photos/1.png'), steps, config], model, seed);
    expect(alone.summary).toMatchObject({ kind: 'unlabelled', needsMapping: [] });
  });

  test('that nothing resizes must have the size of the model already', async () => {
    const asIs = named('preprocessor_config.json', '{"do_resize":false,"do_normalize":false}');
    const files = [png('test/dog/1.png', 1), png('test/tabby cat/2.png', 2), config, asIs];
    const opened = (height: number, width: number) => {
      const sized = { ...image, dims: ['batch', 3, height, width] };
      return openDataset(files, modelOf(withOutput(graphOf([sized]), 'logits', 'batch', 2)), seed);
    };
    const { summary, preprocessing } = await opened(4, 6);
    expect(summary).toMatchObject({ kind: 'labelled', evaluationRows: 2, unread: [] });
    expect(preprocessing).toBe('times 0.003922, RGB');
    const other = await opened(9, 9);
    expect(other.summary.kind).toBe('synthetic');
    expect(other.summary.unread[0]?.reason).toContain('the model takes 9 × 9');
  });

  test.each([
    [
      'of another size',
      named('preprocessor_config.json', '{"size":4}'),
      model,
      'makes images 4 × 4, and the model takes 8 × 8',
    ],
    [
      'of any size',
      config,
      modelOf(graphOf([{ ...image, dims: ['b', 3, 'h', 'w'] }])),
      'no preprocessor_config.json says which',
    ],
    [
      'of 4 channels',
      config,
      modelOf(graphOf([{ ...image, dims: ['b', 4, 8, 8] }])),
      '1 or 3 channels',
    ],
    [
      'of a model of two inputs',
      config,
      modelOf(graphOf([image, { ...image, name: 'mask' }])),
      'takes mask',
    ],
    [
      'of bytes as integers',
      config,
      modelOf(graphOf([{ ...image, dtype: 'int64' }])),
      'is no image',
    ],
    [
      'of a huge input',
      config,
      modelOf(graphOf([{ ...image, dims: [1, 3, 2 ** 30, 2 ** 30] }])),
      'at most 4096 pixels',
    ],
    [
      'of 8 at once',
      config,
      modelOf(graphOf([{ ...image, dims: [8, 3, 8, 8] }])),
      'exactly 8 rows at once',
    ],
  ])('%s are left with the reason', async (_, file, other, reason) => {
    const { summary } = await openDataset([png('a/1.png'), file], other, seed);
    expect(summary.kind).toBe('synthetic');
    expect(summary.unread.map((one) => one.reason).join()).toContain(reason);
  });

  test('a model without preprocessor_config.json gets its own size and 0 to 1, as the words say', async () => {
    const { preprocessing } = await openDataset([png('a/1.png')], imageModel, seed);
    expect(preprocessing).toBe(
      'resized to 2 × 2 (bilinear), times 0.003922, grey, no preprocessor_config.json',
    );
  });

  test('files that are no images are named; a claim of 10¹⁶ pixels is refused before decoding', async () => {
    const files = [png('a/1.png'), named('a/2.jpg', 'GIF89a'), steps];
    const { summary } = await openDataset(files, model, seed);
    expect(summary.unread).toEqual([
      { path: 'a/2.jpg', reason: 'it is no PNG, JPEG or WebP image' },
    ]);
    const bomb = PNG.slice();
    new DataView(bomb.buffer).setUint32(16, 100_000_000);
    new DataView(bomb.buffer).setUint32(20, 100_000_000);
    await expect(openDataset([named('a/b.png', bomb), steps], model, seed)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('a/b.png is 100000000 × 100000000 pixels'),
    });
  });

  test('more than 50,000 images are refused before they are read', async () => {
    const blob = new Blob([]);
    blob.slice = () => {
      throw new Error('it was read');
    };
    const files = Array.from({ length: 50_001 }, (_, index) => ({ path: `a/${index}.png`, blob }));
    await expect(openDataset([...files, steps], model, seed)).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
