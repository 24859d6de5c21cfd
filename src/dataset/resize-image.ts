/**
 * Resizing as Pillow does it, to the bit: a filter stretched by the reduction (so that shrinking
 * averages), weights of 22 fractional bits, rounded to bytes after each pass, the horizontal one
 * first (Pillow 13 swaps them where only the width grows). Python's image processors resize so, and
 * a model's accuracy depends on it.
 * @see https://github.com/python-pillow/Pillow, `src/libImaging/Resample.c`
 */

/** Interleaved bytes, row-major. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

interface Filter {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

/** By Pillow's numbers, which `resample` of `preprocessor_config.json` holds. */
const FILTERS: Readonly<Record<number, Filter>> = {
  1: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  2: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  3: { support: 2, weight: cubic },
  4: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  5: {
    support: 1,
    weight: (x) =>
      Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * Math.abs(x))),
  },
};

export const FILTER_NAMES: Readonly<Record<number, string>> = {
  0: 'nearest',
  1: 'Lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'box',
  5: 'Hamming',
};

/** - `resample` — Pillow's number of the filter, 0 to 5 */
export function resizeImage(
  image: Pixels,
  width: number,
  height: number,
  resample: number,
): Pixels {
  if (image.width === width && image.height === height) return image;
  const filter = FILTERS[resample];
  if (!filter) return nearest(image, width, height);
  const wide = image.width === width ? image : horizontal(image, width, filter);
  return wide.height === height ? wide : vertical(wide, height, filter);
}

function nearest(image: Pixels, width: number, height: number): Pixels {
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * (image.height / height));
    for (let x = 0; x < width; x++) {
      const from = (row * image.width + Math.floor((x + 0.5) * (image.width / width))) * channels;
      for (let c = 0; c < channels; c++) {
        data[(y * width + x) * channels + c] = image.data[from + c] ?? 0;
      }
    }
  }
  return { width, height, channels, data };
}

const FRACTION = 2 ** 22;

interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** For each output position the inputs it is made of, with integer weights that add up to 2²². */
function tapsOf(inSize: number, outSize: number, { support, weight }: Filter): Taps[] {
  const scale = inSize / outSize;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  return Array.from({ length: outSize }, (_, out) => {
    const center = (out + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const last = Math.min(inSize, Math.trunc(center + reach + 0.5));
    const raw = Array.from({ length: last - first }, (_, tap) =>
      weight((tap + first - center + 0.5) / stretch),
    );
    const sum = raw.reduce((total, one) => total + one, 0) || 1;
    const weights = Int32Array.from(raw, (one) => {
      const scaled = (one / sum) * FRACTION;
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { first, weights };
  });
}

const toByte = (sum: number): number =>
  Math.min(255, Math.max(0, Math.floor((sum + FRACTION / 2) / FRACTION)));

function horizontal(image: Pixels, width: number, filter: Filter): Pixels {
  const { height, channels, data: source } = image;
  const taps = tapsOf(image.width, width, filter);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (const [x, { first, weights }] of taps.entries()) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let at = (y * image.width + first) * channels + c;
        for (const weight of weights) {
          sum += (source[at] ?? 0) * weight;
          at += channels;
        }
        data[(y * width + x) * channels + c] = toByte(sum);
      }
    }
  }
  return { width, height, channels, data };
}

function vertical(image: Pixels, height: number, filter: Filter): Pixels {
  const { width, channels, data: source } = image;
  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  for (const [y, { first, weights }] of tapsOf(image.height, height, filter).entries()) {
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      let at = first * stride + x;
      for (const weight of weights) {
        sum += (source[at] ?? 0) * weight;
        at += stride;
      }
      data[y * stride + x] = toByte(sum);
    }
  }
  return { width, height, channels, data };
}
