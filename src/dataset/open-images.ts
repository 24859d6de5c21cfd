import { StudioError } from '../core/studio-error.ts';
import type { ValueInfo } from '../model/model.ts';
import type { NamedBlob } from './companions.ts';
import { decodeImage } from './decode-image.ts';
import { type ImageFile, otherSize, readImageFiles } from './image-files.ts';
import { type ImageInput, imageTensor } from './image-tensor.ts';
import { LabelReader } from './labels.ts';
import { plainLatencyInput } from './latency-input.ts';
import { assemble, type Context, type Dataset, typeOf, unreadOf } from './opening.ts';
import { type Preprocessing, readPreprocessor, SIDE_LIMIT, type Size } from './preprocessor.ts';
import { FILTER_NAMES } from './resize-image.ts';
import type { Role, RowSet } from './rows.ts';
import { splitRows } from './splits.ts';

/** Image folders, one a class; null if the model takes no images or they do not fit. */
export async function openImages(context: Context): Promise<Dataset | null> {
  const { companions, unread, seed, readout } = context;
  if (companions.images.length === 0) return null;
  const feeding = await feedingOf(context);
  if (typeof feeding === 'string') {
    unread.push(...summarized(companions.images, feeding));
    return null;
  }
  const { images, unread: strange } = await readImageFiles(companions.images, feeding.asIs);
  unread.push(...strange.slice(0, MOST_NAMED));
  if (strange.length > MOST_NAMED) {
    unread.push({ path: `${strange.length - MOST_NAMED} other images`, reason: 'likewise' });
  }
  if (images.length === 0) return null;
  const classes = readout.answer ? classesOf(context, images) : null;
  const groups = new Map<string, ImageFile[]>();
  for (const image of images) {
    const key = `${image.role} ${image.parent}`;
    const group = groups.get(key);
    if (group) group.push(image);
    else groups.set(key, [image]);
  }
  const sets = [...groups.values()].map((group) => imageRows(group, feeding, classes));
  const dataset = assemble(context, splitRows(sets, seed), {
    task: classes ? 'classes' : null,
    preprocessing: feeding.words,
    latencyInput: async () => plainLatencyInput(await dataset.evaluation.feeds(0), false),
  });
  return dataset;
}

export interface ImageFeeding {
  readonly input: ImageInput;
  readonly steps: Preprocessing;
  /** The size that images must have already, as nothing resizes or crops them; null: any. */
  readonly asIs: Size | null;
  readonly words: string;
}

const MOST_NAMED = 20;

/** How the model takes images, or why it does not. */
export async function feedingOf({ companions, model }: Context): Promise<ImageFeeding | string> {
  const { inputs } = model.graph;
  const [input, ...others] = inputs;
  const rank4 = inputs.filter(({ dims }) => dims?.length === 4);
  if (!input || rank4.length === 0) return 'the model takes no images';
  if (others.length > 0) {
    const other = inputs.find((one) => one !== rank4[0]);
    return `beside images the model takes ${other?.name}`;
  }
  const { preprocessor } = companions;
  const said = preprocessor ? await readPreprocessor(preprocessor) : null;
  const taken = imageInput(input, said?.channelsLast ?? false);
  if (typeof taken === 'string') return taken;
  const { wanted, ...image } = taken;
  if (!said && !wanted) {
    return `the model takes images of any size, and no preprocessor_config.json says which`;
  }
  const steps = said ?? plainSteps(wanted, image.dtype);
  const given = steps.crop ?? (steps.resize && 'exact' in steps.resize ? steps.resize.exact : null);
  const asIs = !steps.resize && !steps.crop ? wanted : null;
  const fits = !wanted || asIs || (given?.width === wanted.width && given.height === wanted.height);
  if (!fits) {
    const size = given ? `${given.height} × ${given.width}` : 'of varying sizes';
    return `preprocessor_config.json makes images ${size}, and the model takes ${wanted.height} × ${wanted.width}`;
  }
  return { input: image, steps, asIs, words: wordsOf(steps, image, said !== null) };
}

/** Without a configuration: the graph's own size, values from 0 to 1 (bytes for byte inputs). */
const plainSteps = (size: Size | null, dtype: string): Preprocessing => ({
  resize: size && { exact: size },
  resample: 2,
  crop: null,
  factor: dtype === 'uint8' ? 1 : 1 / 255,
  ...{ mean: null, std: null, reversed: false, channelsLast: false },
});

type TakenImage = ImageInput & { readonly wanted: Size | null };

function imageInput(info: ValueInfo, lastByDefault: boolean): TakenImage | string {
  const { name, dtype, dims } = info;
  const type = typeOf(info).type;
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'uint8') {
    return `the model's input ${name} is ${type}, which is no image`;
  }
  const [batch, second, third, last] = dims ?? [];
  if (typeof batch === 'number' && batch !== 1) {
    return `the model takes exactly ${batch} rows at once, and rows are measured one by one`;
  }
  const isColour = (dim: unknown): dim is 1 | 3 => dim === 1 || dim === 3;
  const channelsLast = isColour(second) ? false : isColour(last) ? true : lastByDefault;
  const channels = channelsLast ? last : second;
  if (typeof channels === 'number' && !isColour(channels)) {
    return `the model's input ${name} is ${type}, and images have 1 or 3 channels`;
  }
  const [height, width] = channelsLast ? [second, third] : [third, last];
  const fixed = typeof height === 'number' && typeof width === 'number';
  if (fixed && !(height > 0 && width > 0 && height <= SIDE_LIMIT && width <= SIDE_LIMIT)) {
    return `the model's input ${name} is ${type}; images of at most ${SIDE_LIMIT} pixels a side are made`;
  }
  return {
    ...{ name, dtype, channelsLast },
    channels: isColour(channels) ? channels : 3,
    wanted: fixed ? { width, height } : null,
  };
}

export function wordsOf(steps: Preprocessing, input: ImageInput, said: boolean): string {
  const { resize, crop, mean } = steps;
  const sides = ({ width, height }: Size) => `${height} × ${width}`;
  const target = resize && ('edge' in resize ? `shorter side ${resize.edge}` : sides(resize.exact));
  const scaled = steps.factor === 1 ? 'as bytes' : `times ${steps.factor.toPrecision(4)}`;
  return [
    target && `resized to ${target} (${FILTER_NAMES[steps.resample]})`,
    crop && `cropped to ${sides(crop)}`,
    mean ? `${scaled}, normalized` : scaled,
    input.channels === 1 ? 'grey' : steps.reversed ? 'BGR' : 'RGB',
    said ? null : 'no preprocessor_config.json',
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** The class of each folder; null if the folders say none. */
function classesOf(
  context: Context,
  images: readonly ImageFile[],
): ReadonlyMap<string, number | null> | null {
  const { config, mapping, model, readout, needs } = context;
  const output = model.graph.outputs.find(({ name }) => name === readout.answer?.name);
  const width = output?.dims?.at(-1);
  const labels = new LabelReader(config, mapping, typeof width === 'number' ? width : null);
  const folders = [...new Set(images.map(({ folder }) => folder))];
  const classes = new Map(
    folders.map((folder, index) => [folder, labels.classOf(folder, index + 1)]),
  );
  const known = [...classes.values()].filter((label) => label !== null).length;
  if (known === 0 && folders.length < 2) return null; // one folder of images, whatever its name
  const need = labels.need(images[0]?.parent || 'images', 'folder');
  if (need) needs.push(need);
  return classes;
}

function imageRows(
  images: readonly ImageFile[],
  { input, steps, asIs }: ImageFeeding,
  classes: ReadonlyMap<string, number | null> | null,
): RowSet {
  const at = (index: number): ImageFile => {
    const image = images[index];
    if (!image) throw new RangeError(`image ${index} of ${images.length}`);
    return image;
  };
  const [first] = images;
  const role: Role = first?.role ?? 'unnamed';
  return {
    path: first?.parent || first?.folder || 'images',
    role,
    width: 1,
    count: images.length,
    feeds: async (index) => {
      const { file } = at(index);
      const pixels = await decodeImage(file);
      const other = asIs && otherSize(pixels, asIs);
      if (other) throw new StudioError('bad-dataset', `${file.path} cannot be fed: ${other}.`);
      return Object.fromEntries([[input.name, imageTensor(pixels, input, steps)]]);
    },
    label: (index) => classes?.get(at(index).folder) ?? null,
    written: (index) => (classes ? at(index).folder : null),
    tokens: () => null,
    text: (index) => at(index).file.path,
    picture: (index) => at(index).file,
    key: (index) => at(index).key,
  };
}

/** Thousands of images are one line. */
function summarized(files: readonly NamedBlob[], reason: string) {
  const [first] = files;
  if (files.length <= 5 || !first) return unreadOf(files, reason);
  return [{ path: `${first.path} and ${files.length - 1} more`, reason }];
}
