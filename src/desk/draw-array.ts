/** An array that has the shape of an image, as one. */
import { floatsOf } from '../bench/outputs.ts';
import type { FeedTensor } from '../dataset/rows.ts';

const LEAST_SIDE = 8;
const MOST_SIDE = 1024;

export interface ImagePlan {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly channelsLast: boolean;
}

/** How dims [1, …] are read as an image; null if they are none. */
export function imagePlan(dims: readonly number[]): ImagePlan | null {
  const [batch, ...rest] = dims;
  if (batch !== 1) return null;
  const [first = 0, second = 0, third] = rest;
  const fits = (height: number, width: number) =>
    [height, width].every((side) => side >= LEAST_SIDE && side <= MOST_SIDE);
  const isColour = (channels: number | undefined): channels is 1 | 3 =>
    channels === 1 || channels === 3;
  if (third === undefined) {
    const flat = rest.length === 2 && fits(first, second);
    return flat ? { height: first, width: second, channels: 1, channelsLast: false } : null;
  }
  if (rest.length !== 3) return null;
  if (isColour(first) && fits(second, third)) {
    return { height: second, width: third, channels: first, channelsLast: false };
  }
  if (isColour(third) && fits(first, second)) {
    return { height: first, width: second, channels: third, channelsLast: true };
  }
  return null;
}

/** RGBA, each value scaled from the array's least to its largest. */
export function imagePixels(
  values: ArrayLike<number>,
  { width, height, channels, channelsLast }: ImagePlan,
): Uint8ClampedArray<ArrayBuffer> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = high > low ? 255 / (high - low) : 0;
  const count = width * height;
  const pixels = new Uint8ClampedArray(4 * count);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const channel = channels === 1 ? 0 : colour;
      const at = channelsLast ? pixel * channels + channel : channel * count + pixel;
      pixels[4 * pixel + colour] = ((values[at] ?? 0) - low) * scale;
    }
    pixels[4 * pixel + 3] = 255;
  }
  return pixels;
}

/** A PNG; null if the array has not the shape of an image. */
export async function drawArray({ dtype, dims, data }: FeedTensor): Promise<Blob | null> {
  const plan = imagePlan(dims);
  const values = plan && (floatsOf({ dtype, dims, data }) ?? Float64Array.from(data, Number));
  if (!plan || !values) return null;
  const canvas = new OffscreenCanvas(plan.width, plan.height);
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.putImageData(new ImageData(imagePixels(values, plan), plan.width, plan.height), 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
