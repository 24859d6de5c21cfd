/** The tensor that a model takes for an image, back as an image: what the model sees. */
import { float16Value } from '../core/float16.ts';
import type { ImageInput } from './image-tensor.ts';
import type { SeenImage } from './making.ts';
import type { Preprocessing } from './preprocessor.ts';
import type { FeedTensor } from './rows.ts';

/** Larger ones are thinned out. */
const MOST_SIDE = 256;

/** Undoes normalization and factor, by channel; null if the tensor is no image of the input. */
export function seenImage(
  { dtype, dims, data }: FeedTensor,
  { channels, channelsLast }: ImageInput,
  { factor, mean, std, reversed }: Preprocessing,
): SeenImage | null {
  if (dims.length !== 4) return null;
  const [, second = 0, third = 0, last = 0] = dims;
  const [height, width, depth] = channelsLast ? [second, third, last] : [third, last, second];
  if (depth !== channels || width === 0 || height === 0) return null;
  const every = Math.max(1, Math.ceil(Math.max(width, height) / MOST_SIDE));
  const [columns, rows] = [Math.ceil(width / every), Math.ceil(height / every)];
  const levels = new Uint8Array(columns * rows * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const pixel = row * every * width + column * every;
      for (let channel = 0; channel < channels; channel++) {
        const at = channelsLast ? pixel * channels + channel : channel * width * height + pixel;
        const stored = Number(data[at] ?? 0);
        const value = dtype === 'float16' ? float16Value(stored) : stored;
        const byte =
          (value * (std?.[channel] ?? std?.[0] ?? 1) + (mean?.[channel] ?? mean?.[0] ?? 0)) /
          factor;
        const colour = reversed ? channels - 1 - channel : channel;
        levels[(row * columns + column) * channels + colour] = Math.min(
          255,
          Math.max(0, Math.round(byte)),
        );
      }
    }
  }
  return { width: columns, height: rows, channels, levels };
}
