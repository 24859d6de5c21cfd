/**
 * The rows that come with a model: read from the dropped files, split into rows that calibrate
 * and rows that measure, or made up. Nothing is read twice, and no row of a table or folder is
 * tokenized or decoded before it is asked for.
 */
import type { Model } from '../model/model.ts';
import { type NamedBlob, sortCompanions } from './companions.ts';
import { NO_CONFIG, readConfig } from './config.ts';
import { type Mapping, NO_MAPPING } from './mapping.ts';
import { openArrays } from './open-arrays.ts';
import { openImages } from './open-images.ts';
import { openRunningText } from './open-running-text.ts';
import { openSynthetic } from './open-synthetic.ts';
import { openTables } from './open-tables.ts';
import { type Context, type Dataset, unreadOf } from './opening.ts';
import { readoutOf } from './readout.ts';

/**
 * Decides splits and made-up inputs wherever a model is opened. Not a recipe's seed: runs of all
 * recipes are compared with one baseline, on the same rows.
 */
export const ROW_SEED = 1;

export interface DatasetOptions {
  /** Decides the split and made-up inputs. */
  readonly seed: number;
  /** What the person said about names that do not match. */
  readonly mapping?: Mapping;
}

/** In the order in which they are tried: the first that the model can be fed is measured. */
const KINDS = [
  { open: openRunningText, of: 'running text', files: 'texts' },
  { open: openTables, of: 'sentences of the tables', files: 'tables' },
  { open: openImages, of: 'images', files: 'images' },
  { open: openArrays, of: 'arrays', files: 'arrays' },
] as const;

/**
 * Names that match nothing are no error: `summary.needsMapping` says what there is to choose from.
 * @throws bad-dataset, bad-tokenizer, too-large naming file, row or array, and the remedy
 */
export async function openDataset(
  files: readonly NamedBlob[],
  model: Pick<Model, 'graph' | 'files'>,
  { seed, mapping = NO_MAPPING }: DatasetOptions,
): Promise<Dataset> {
  return openRows(await contextOf(files, model, { seed, mapping }));
}

async function openRows(context: Context): Promise<Dataset> {
  const { companions } = context;
  for (const [index, { open, of }] of KINDS.entries()) {
    const dataset = await open(context);
    if (!dataset) continue;
    const reason = `the ${of} ${of.endsWith('s') || of === 'images' ? 'are' : 'is'} used`;
    for (const later of KINDS.slice(index + 1)) {
      context.unread.push(...summarized(companions[later.files], reason));
    }
    return dataset;
  }
  return openSynthetic(context);
}

/** What the companions say about the model, before any row is read. @throws bad-dataset */
export async function contextOf(
  files: readonly NamedBlob[],
  model: Pick<Model, 'graph' | 'files'>,
  { seed, mapping = NO_MAPPING }: DatasetOptions,
): Promise<Context> {
  const companions = sortCompanions(files, new Set(model.files.map(({ path }) => path)));
  const config = companions.config
    ? await readConfig(companions.config.path, companions.config.blob)
    : NO_CONFIG;
  const { labels, isRegression } = config;
  return {
    ...{ companions, model, config, mapping, seed },
    readout: readoutOf(model.graph, labels.length, isRegression, mapping.output),
    unread: [...companions.unread],
    needs: [],
    original: null,
    reopen: async (others, changed, original) => {
      const own = await contextOf(replaced(files, others), changed, { seed, mapping });
      return openRows({ ...own, original });
    },
  };
}

/** `files`, with those of `others` in the place of their namesakes. */
export const replaced = (
  files: readonly NamedBlob[],
  others: readonly NamedBlob[],
): NamedBlob[] => {
  const byPath = new Map(others.map((file) => [file.path, file]));
  return files.map((file) => byPath.get(file.path) ?? file);
};

/** Thousands of images are one line. */
function summarized(files: readonly NamedBlob[], reason: string) {
  const [first] = files;
  if (files.length <= 20 || !first) return unreadOf(files, reason);
  return unreadOf([{ ...first, path: `${first.path} and ${files.length - 1} more` }], reason);
}
