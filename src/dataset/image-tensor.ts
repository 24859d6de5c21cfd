/** Pixels of an image → the tensor that the model takes. */
import type { DType } from '../core/dtype.ts';
import { float16Bits } from '../core/float16.ts';
import type { Preprocessing, Size } from './preprocessor.ts';
import { type Pixels, resizeImage } from './resize-image.ts';
import type { FeedTensor } from './rows.ts';

export interface ImageInput {
  readonly name: string;
  readonly dtype: DType;
  readonly channels: 1 | 3;
  readonly channelsLast: boolean;
}

/**
 * Resized, cropped, scaled and normalized in the order of Hugging Face's image processors.
 * - `rgba` — 4 channels; alpha is dropped
 * - one channel takes the luma of ITU-R 601 as Pillow's "L" has it
 * @returns [1, channels, height, width], or channels last
 */
export function imageTensor(rgba: Pixels, input: ImageInput, steps: Preprocessing): FeedTensor {
  const colours = input.channels === 3 ? withoutAlpha(rgba) : luma(rgba);
  const target = sizeAfterResize(colours, steps.resize);
  const resized = resizeImage(colours, target.width, target.height, steps.resample);
  const image = steps.crop ? cropped(resized, steps.crop) : resized;
  const { width, height, channels } = image;
  const area = width * height;
  const values = new Float32Array(area * channels);
  for (let channel = 0; channel < channels; channel++) {
    const source = steps.reversed ? channels - 1 - channel : channel;
    const mean = steps.mean?.[channel] ?? steps.mean?.[0] ?? 0;
    const std = steps.std?.[channel] ?? steps.std?.[0] ?? 1;
    // 256 values there are: computed once, in float64.
    const table = Float32Array.from({ length: 256 }, (_, v) => (v * steps.factor - mean) / std);
    for (let pixel = 0; pixel < area; pixel++) {
      const value = table[image.data[pixel * channels + source] ?? 0] ?? 0;
      values[input.channelsLast ? pixel * channels + channel : channel * area + pixel] = value;
    }
  }
  const dims = input.channelsLast ? [1, height, width, channels] : [1, channels, height, width];
  return { dtype: input.dtype, dims, data: asType(values, input.dtype) };
}

function asType(values: Float32Array, dtype: DType): FeedTensor['data'] {
  if (dtype === 'float16') return Uint16Array.from(values, float16Bits);
  return dtype === 'uint8' ? Uint8Array.from(values) : values;
}

/** The longer side is cut to a whole pixel, as `get_resize_output_image_size` does. */
export function sizeAfterResize({ width, height }: Size, resize: Preprocessing['resize']): Size {
  if (resize === null) return { width, height };
  if ('exact' in resize) return resize.exact;
  const { edge } = resize;
  return width <= height
    ? { width: edge, height: Math.trunc((edge * height) / width) }
    : { width: Math.trunc((edge * width) / height), height: edge };
}

function withoutAlpha({ width, height, data }: Pixels): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = data[pixel * 4 + c] ?? 0;
  }
  return { width, height, channels: 3, data: rgb };
}

function luma({ width, height, data }: Pixels): Pixels {
  const grey = new Uint8Array(width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [r = 0, g = 0, b = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
    grey[pixel] = (r * 19_595 + g * 38_470 + b * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

function cropped(image: Pixels, { width, height }: Size): Pixels {
  const { channels } = image;
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = [y + top, x + left];
      if (row < 0 || column < 0 || row >= image.height || column >= image.width) continue;
      const from = (row * image.width + column) * channels;
      for (let c = 0; c < channels; c++) {
        data[(y * width + x) * channels + c] = image.data[from + c] ?? 0;
      }
    }
  }
  return { width, height, channels, data };
}
