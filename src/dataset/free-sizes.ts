/** Which sizes the free dimensions of a graph's inputs may have, told from names and places. */
import type { ValueInfo } from '../model/model.ts';

/** Sizes of dimensions that a graph leaves free. */
export interface FreeSizes {
  /** Steps of a sequence. */
  readonly length: number;
  readonly height: number;
  readonly width: number;
}

/**
 * In the order in which they are tried: a graph does not say what sizes it runs with. Sentences and
 * photographs; lines of text and 32 ms of speech at 16 kHz; and what else models are made for.
 */
export const FREE_SIZES: readonly [FreeSizes, ...FreeSizes[]] = [
  { length: 32, height: 224, width: 224 },
  { length: 512, height: 48, width: 320 },
  { length: 128, height: 64, width: 64 },
  { length: 16_000, height: 32, width: 100 },
  { length: 256, height: 28, width: 28 },
  { length: 576, height: 512, width: 512 },
  { length: 64, height: 640, width: 640 },
  { length: 1, height: 32, width: 32 },
];
type Dim = number | string | null;

/** The input has a free sequence dimension. */
export const hasSequence = ({ name, dims }: ValueInfo): boolean =>
  dims?.some((dim, axis) => kindOf(name, dim, axis, dims) === 'sequence') ?? false;

type DimKind = 'fixed' | 'batch' | 'past' | 'sequence' | 'channels' | 'height' | 'width' | 'one';

function kindOf(name: string, dim: Dim, axis: number, dims: readonly Dim[]): DimKind {
  if (typeof dim === 'number') return 'fixed';
  const word = dim ?? '';
  if (/past/i.test(name)) return /batch/i.test(word) || axis === 0 ? 'batch' : 'past';
  if (/batch/i.test(word) || axis === 0) return 'batch';
  if (/height/i.test(word)) return 'height';
  if (/width/i.test(word)) return 'width';
  if (dims.length === 4) return IMAGE_AXES[channelsLast(dims) ? 'last' : 'first'][axis] ?? 'one';
  if (/channel/i.test(word)) return 'channels';
  if (/seq|len|time|token/i.test(word)) return 'sequence';
  return dims.length <= 3 && axis === 1 && !isState(name, dims) ? 'sequence' : 'one';
}

const IMAGE_AXES = {
  first: ['batch', 'channels', 'height', 'width'],
  last: ['batch', 'height', 'width', 'channels'],
} as const satisfies Record<string, readonly DimKind[]>;

const channelsLast = ([, second, , last]: readonly Dim[]): boolean =>
  typeof second !== 'number' && typeof last === 'number' && [1, 3, 4].includes(last);

/** Layers × batch × width, as recurrent nets carry it. */
const isState = (name: string, dims: readonly Dim[]): boolean =>
  dims.length === 3 &&
  (/state|hidden|^[hc]\d*$/i.test(name) || (typeof dims[0] === 'number' && dims[0] > 1));

/** The input's dimensions with `sizes` for the free ones; a free batch is 1. */
export function dimsOf({ name, dims }: ValueInfo, { length, height, width }: FreeSizes): number[] {
  const shape = dims ?? [];
  return shape.map((dim, axis) => {
    switch (kindOf(name, dim, axis, shape)) {
      case 'fixed':
        return Number(dim);
      case 'past':
        return 0;
      case 'sequence':
        return length;
      case 'height':
        return height;
      case 'width':
        return width;
      case 'channels':
        return 3;
      default:
        return 1;
    }
  });
}

/** "1 × 3 × 224 × 224"; several inputs by name. */
export function shapeOf(inputs: readonly ValueInfo[], sizes: FreeSizes): string {
  const shapes = inputs.map((input) => [input.name, dimsOf(input, sizes).join(' × ')] as const);
  const [only] = shapes;
  if (only && shapes.length === 1) return only[1];
  const shown = shapes.slice(0, 4).map(([name, shape]) => `${name.slice(0, 40)} ${shape || '1'}`);
  return `${shown.join(', ')}${shapes.length > 4 ? `, ${shapes.length - 4} more` : ''}`;
}
