/** What `preprocessor_config.json` says happens to an image before the model sees it. */
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';
import type { NamedBlob } from './companions.ts';
import { countOf, objectOf } from './config.ts';
import { FILTER_NAMES } from './resize-image.ts';

const FILE_LIMIT = 2 ** 20;
export const SIDE_LIMIT = 4096;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Preprocessing {
  /** The shorter side becomes `edge`, or both become `exact`; null leaves the size. */
  readonly resize: { readonly edge: number } | { readonly exact: Size } | null;
  /** Pillow's number of the filter. */
  readonly resample: number;
  /** Cut out of the middle; what lies outside the image is black. */
  readonly crop: Size | null;
  /** Bytes times this; 1 leaves them. */
  readonly factor: number;
  /** By channel, after the factor; null: not normalized. */
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
  /** Blue first. */
  readonly reversed: boolean;
  /** The layout where the graph does not say. */
  readonly channelsLast: boolean;
}

/** @throws bad-dataset naming the file and the key; too-large */
export async function readPreprocessor({ path, blob }: NamedBlob): Promise<Preprocessing> {
  if (blob.size > FILE_LIMIT) {
    throw new StudioError('too-large', `${path} has ${blob.size} B; it should have a few kB.`, {
      detail: { file: path },
    });
  }
  const json = objectOf(parseJson(await blob.text(), path, 'bad-dataset'));
  if (!json) throw bad(path, '', 'is not a JSON object');
  if (json['do_pad'] === true)
    throw bad(path, 'do_pad', 'asks for padding, which is not done here');
  const crops = json['do_center_crop'] === true;
  const crop = crops ? exactSize(json['crop_size'] ?? json['size'], path, 'crop_size') : null;
  const normalizes = json['do_normalize'] !== false && json['image_mean'] !== undefined;
  return {
    resize: json['do_resize'] === false ? null : resizeOf(json, path, crops),
    resample: resampleOf(json['resample'], path),
    crop: crop ?? squareOfPct(json, path),
    factor: json['do_rescale'] === false ? 1 : factorOf(json['rescale_factor'], path),
    mean: normalizes ? numbersOf(json['image_mean'], path, 'image_mean') : null,
    std: normalizes ? numbersOf(json['image_std'], path, 'image_std') : null,
    reversed: json['do_flip_channel_order'] === true,
    channelsLast: json['data_format'] === 'channels_last',
  };
}

/** ConvNeXT: below 384 resized to a larger square's edge, then cropped. */
const pctOf = (json: Record<string, unknown>): number | null => {
  const edge = objectOf(json['size'])?.['shortest_edge'];
  const pct = json['crop_pct'];
  const applies = typeof edge === 'number' && edge < 384 && typeof pct === 'number';
  return applies && pct > 0 && pct <= 1 ? pct : null;
};

function squareOfPct(json: Record<string, unknown>, path: string): Size | null {
  if (pctOf(json) === null) return null;
  const side = sideOf(objectOf(json['size'])?.['shortest_edge'], path, 'size');
  return { width: side, height: side };
}

function resizeOf(
  json: Record<string, unknown>,
  path: string,
  crops: boolean,
): Preprocessing['resize'] {
  const { size } = json;
  const named = objectOf(size);
  if (named && 'shortest_edge' in named && !('longest_edge' in named)) {
    const edge = sideOf(named['shortest_edge'], path, 'size');
    const pct = pctOf(json);
    return { edge: pct === null ? edge : Math.trunc(edge / pct) };
  }
  // A bare number is a shorter side to crop from, or a square.
  if (typeof size === 'number' && crops) return { edge: sideOf(size, path, 'size') };
  return size === undefined || size === null ? null : { exact: exactSize(size, path, 'size') };
}

function exactSize(value: unknown, path: string, key: string): Size {
  const named = objectOf(value);
  if (!named) {
    const side = sideOf(value, path, key);
    return { width: side, height: side };
  }
  const square = named['shortest_edge'];
  if (square !== undefined && named['height'] === undefined) return exactSize(square, path, key);
  return {
    width: sideOf(named['width'], path, key),
    height: sideOf(named['height'], path, key),
  };
}

function sideOf(value: unknown, path: string, key: string): number {
  const side = countOf(value);
  if (side !== null && side <= SIDE_LIMIT) return side;
  throw bad(path, key, `is no size of an image of at most ${SIDE_LIMIT} pixels a side`);
}

function resampleOf(value: unknown, path: string): number {
  if (value === undefined || value === null) return 2;
  if (typeof value === 'number' && Object.hasOwn(FILTER_NAMES, value)) return value;
  throw bad(path, 'resample', 'is no filter from 0 to 5');
}

function factorOf(value: unknown, path: string): number {
  if (value === undefined || value === null) return 1 / 255;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw bad(path, 'rescale_factor', 'is not a number above 0');
}

function numbersOf(value: unknown, path: string, key: string): readonly number[] {
  const list = typeof value === 'number' ? [value] : value;
  const fine =
    Array.isArray(list) &&
    (list.length === 1 || list.length === 3) &&
    list.every((one) => typeof one === 'number' && Number.isFinite(one)) &&
    (key !== 'image_std' || list.every((one) => one !== 0));
  if (fine) return list;
  throw bad(path, key, 'is not one number or three, one a channel');
}

const bad = (path: string, key: string, fact: string) =>
  new StudioError(
    'bad-dataset',
    `${path}${key && `: ${key}`} ${fact}. Take the file of the model's export.`,
    { detail: key ? { file: path, path: key } : { file: path } },
  );
