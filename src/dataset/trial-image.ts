/** An image that a person draws or drops, as a model's rows of images are made. */
import { StudioError } from '../core/studio-error.ts';
import { decodeImage } from './decode-image.ts';
import { imageTensor } from './image-tensor.ts';
import type { Made, MadeInput, Maker, SeenImage } from './making.ts';
import { type ImageFeeding, wordsOf } from './open-images.ts';
import type { Context, Dataset } from './opening.ts';
import type { Preprocessing } from './preprocessor.ts';
import type { Pixels } from './resize-image.ts';
import type { Feeds } from './rows.ts';
import { seenImage } from './seen-image.ts';

/** Rows that are looked at for what pixels mean. */
const LOOKED_AT = 32;
const DRAWN_SIDE = 1024;

export async function imageTrial(
  feeding: ImageFeeding,
  { companions }: Context,
  rows: Dataset,
): Promise<Maker> {
  const { input } = feeding;
  const fromFiles = companions.images.length > 0 || companions.preprocessor !== null;
  const { asIs } = feeding;
  // Where rows must have the size already, what is tried is brought to it.
  const own = asIs ? { ...feeding.steps, resize: { exact: asIs } } : feeding.steps;
  const steps = fromFiles ? own : await stepsLikeRows(feeding, rows);
  const seen = (feeds: Feeds) => {
    const tensor = feeds[input.name];
    return tensor ? seenImage(tensor, input, steps) : null;
  };
  const fromPixels = (pixels: Pixels): Made => {
    const feeds = { [input.name]: imageTensor(pixels, input, steps) };
    return { feeds: [feeds], texts: null, image: seen(feeds), label: null, tokens: null };
  };
  const size = steps.crop ?? (steps.resize && 'exact' in steps.resize ? steps.resize.exact : null);
  return {
    form: {
      kind: 'image',
      width: size?.width ?? null,
      height: size?.height ?? null,
      channels: input.channels,
      lightInk: (await isDark(rows, seen)) ?? input.channels === 1,
      words: wordsOf(steps, input, companions.preprocessor !== null),
    },
    growing: null,
    make: async (made, dataset) => {
      if (made.kind === 'drawing') return fromPixels(drawn(made));
      if (made.kind === 'image') return fromPixels(await decodeImage(made));
      if (made.kind !== 'row') return null;
      const feeds = await dataset.evaluation.feeds(made.index);
      const label = dataset.evaluation.label(made.index);
      return { feeds: [feeds], texts: null, image: seen(feeds), label, tokens: null };
    },
  };
}

function drawn({ width, height, levels }: Extract<MadeInput, { kind: 'drawing' }>): Pixels {
  const sides = [width, height];
  const fits = sides.every((side) => Number.isInteger(side) && side > 0 && side <= DRAWN_SIDE);
  if (!fits || levels.length !== width * height) {
    throw new StudioError(
      'too-large',
      `A drawing of ${width} × ${height} was given; at most ${DRAWN_SIDE} pixels a side are drawn.`,
    );
  }
  const data = new Uint8ClampedArray(4 * levels.length);
  for (const [pixel, level] of levels.entries()) data.fill(level, 4 * pixel, 4 * pixel + 3);
  return { width, height, channels: 4, data };
}

/**
 * Without a preprocessor, arrays tell what black and white are: from 0 to 1, from 0 to 255, or from
 * their least to their largest value.
 */
async function stepsLikeRows(
  { input, steps }: ImageFeeding,
  rows: Dataset,
): Promise<Preprocessing> {
  const range = input.dtype === 'uint8' ? null : await rangeOf(rows, input.name);
  if (!range) return steps;
  const { low, high } = range;
  return low === 0
    ? { ...steps, factor: high / 255 }
    : { ...steps, factor: (high - low) / 255, mean: [-low], std: [1] };
}

/** What black and white are in arrays; null where rows tell nothing. */
async function rangeOf(rows: Dataset, name: string): Promise<{ low: number; high: number } | null> {
  if (rows.summary.kind === 'synthetic') return null;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < Math.min(LOOKED_AT, rows.evaluation.count); index++) {
    const tensor = (await rows.evaluation.feeds(index))[name];
    if (tensor?.dtype !== 'float32') return null;
    for (const value of tensor.data as Float32Array) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(high > low) || !Number.isFinite(high - low)) return null;
  if (low >= 0 && high <= 1 && high > 0.5) return { low: 0, high: 1 };
  if (low >= 0 && high <= 255 && high > 127) return { low: 0, high: 255 };
  return { low, high };
}

/** Whether the edges of the data set's images are dark; null without images to look at. */
async function isDark(
  { summary, evaluation }: Dataset,
  seen: (feeds: Feeds) => SeenImage | null,
): Promise<boolean | null> {
  if (summary.kind === 'synthetic') return null;
  const rows = Math.min(8, evaluation.count);
  let [sum, count] = [0, 0];
  for (let index = 0; index < rows; index++) {
    const image = seen(await evaluation.feeds(index));
    if (!image) return null;
    const { width, height, channels, levels } = image;
    for (const [at, level] of levels.entries()) {
      const pixel = Math.floor(at / channels);
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      sum += level;
      count++;
    }
  }
  return count > 0 ? sum / count < 128 : null;
}
