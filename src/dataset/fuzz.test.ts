import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Random } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import { fuzz, fuzzSettings, type Outcome, onTime, pick, report } from '../core/testing/fuzz.ts';
import { type Bytes, mutateBytes } from '../core/testing/mutate-bytes.ts';
import { mutateJson } from '../core/testing/mutate-json.ts';
import { openDataset } from './dataset.ts';
import type { Rows } from './rows.ts';
import {
  imageModel,
  languageModel,
  named,
  npy,
  npz,
  textModel,
  tinyTokenizer,
} from './testing/tiny-files.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const settings = fuzzSettings(process.env);
const LONGEST_MS = 2000;
const MOST_MEMORY = 256 * 2 ** 20; // bytes beside the files' own

type Files = Readonly<Record<string, Bytes>>;
interface Folder {
  readonly name: string;
  readonly model: Parameters<typeof openDataset>[1];
  readonly files: Files;
  /** Those that are changed, one at a time. */
  readonly fuzzed: readonly string[];
  readonly mutants: number;
}

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const sample = (path: string): Bytes => new Uint8Array(readFileSync(`public/samples/${path}`));

const images = npz({
  image: npy(
    '<f4',
    [6, 1, 2, 2],
    Float32Array.from({ length: 24 }, (_, index) => index / 24),
  ),
  labels: npy('<i8', [6], BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n)),
});
/** GPT-2's way to cut text, as the tokenizers of most language models have it. */
const splitting = JSON.stringify({
  ...JSON.parse(tinyTokenizer),
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        ...{ type: 'Split', behavior: 'Isolated', invert: false },
        pattern: {
          Regex:
            "(?i:'s|'t|'re|'ve)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        },
      },
      { type: 'Punctuation', behavior: 'Isolated' },
    ],
  },
});
const csv = utf8('text,label\r\ngood movie,1\r\n"bad, bad ""movie""",0\r\ngood.,1\r\nbad,0\r\n');
const jsonl = utf8('{"text":"good movie","label":1}\n{"text":"bad","label":0}\n');
const config = utf8('{"id2label":{"0":"negative","1":"positive"},"max_position_embeddings":64}');
const tokenizerConfig = utf8('{"model_max_length":32,"pad_token":"[PAD]"}');
const text = {
  ...{ 'tokenizer.json': utf8(tinyTokenizer), 'tokenizer_config.json': tokenizerConfig },
  'config.json': config,
};

const FOLDERS: readonly Folder[] = [
  {
    ...{ name: 'npz', model: imageModel, mutants: 800 },
    ...{ files: { 'test.npz': images, 'config.json': config }, fuzzed: ['test.npz'] },
  },
  {
    ...{ name: 'npy', model: imageModel, mutants: 600, fuzzed: ['image.npy'] },
    files: { 'image.npy': npy('<f4', [6, 1, 2, 2], new Float32Array(24)) },
  },
  {
    ...{ name: 'csv', model: textModel(9), mutants: 800 },
    ...{ files: { ...text, 'test.csv': csv }, fuzzed: ['test.csv'] },
  },
  {
    ...{ name: 'tsv and jsonl', model: textModel(9), mutants: 600 },
    files: { ...text, 'train.jsonl': jsonl, 'test.tsv': utf8('text\tlabel\ngood\t1\nbad\t0\n') },
    fuzzed: ['train.jsonl', 'test.tsv'],
  },
  {
    ...{ name: 'tokenizer', model: textModel(9), mutants: 1500 },
    ...{ files: { ...text, 'test.csv': csv }, fuzzed: Object.keys(text) },
  },
  {
    ...{ name: 'splitting tokenizer', model: languageModel(), mutants: 1500 },
    files: {
      ...text,
      'tokenizer.json': utf8(splitting),
      'test.txt': utf8('good bad movies. '.repeat(9)),
    },
    fuzzed: ['tokenizer.json', 'test.txt'],
  },
  {
    ...{ name: "sentiment's tokenizer", model: textModel(30_522), mutants: 60 },
    files: { 'tokenizer.json': sample('sentiment-tiny/tokenizer.json'), 'test.csv': csv },
    fuzzed: ['tokenizer.json'],
  },
  ...(WHITTLE_SAMPLES === '' ? [] : [llama()]),
];

/** Byte pairs, where the other tokenizers have whole words. */
function llama(): Folder {
  const path = `${WHITTLE_SAMPLES}/tiny-llama/tokenizer.json`;
  return {
    ...{ name: "tiny-llama's tokenizer", model: textModel(30_522), mutants: 150 },
    files: { 'tokenizer.json': new Uint8Array(readFileSync(path)), 'test.csv': csv },
    fuzzed: ['tokenizer.json'],
  };
}

function mutate(path: string, bytes: Bytes, random: Random): Bytes {
  if (!path.endsWith('.json')) {
    let mutant = bytes;
    for (let rounds = 1 + random.below(3); rounds > 0; rounds--)
      mutant = mutateBytes(mutant, random);
    return mutant;
  }
  return utf8(mutateJson(new TextDecoder().decode(bytes), random));
}

test.for(FOLDERS)(
  `$mutants mutants of $name, seed ${settings.seed}`,
  { timeout: 0 },
  async ({ name, model, files, fuzzed, mutants }) => {
    const attempt = async (random: Random): Promise<Outcome> => {
      const path = pick(random, fuzzed);
      const mutant = mutate(path, files[path] ?? new Uint8Array(0), random);
      const opened = Object.entries({ ...files, [path]: mutant }).map(([each, bytes]) =>
        named(each, bytes),
      );
      const before = memoryInUse();
      const isOpen = await onTime(LONGEST_MS, () => openedOrRefused(opened, model));
      const grown = memoryInUse() - before;
      expect(grown).toBeLessThan(MOST_MEMORY + mutant.length);
      expect(Object.keys(Object.prototype)).toEqual([]);
      return isOpen ? 'accepted' : 'rejected';
    };
    const tally = await fuzz({ base: name, mutants, attempt }, settings);
    report(name, tally, settings);
    if (settings.only !== undefined) return;
    expect(tally.accepted).toBeGreaterThan(0);
    expect(tally.rejected).toBeGreaterThan(0);
  },
);

const memoryInUse = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Opens, and reads what a run would read: rows may be refused as they are asked for. */
async function openedOrRefused(files: readonly ReturnType<typeof named>[], model: Folder['model']) {
  try {
    const dataset = await openDataset(files, model, { seed: 1 });
    structuredClone(dataset.summary);
    for (const rows of [dataset.evaluation, dataset.calibration]) await readRows(rows);
    await dataset.latencyInput();
    return true;
  } catch (error) {
    if (error instanceof StudioError) return false;
    throw error;
  }
}

async function readRows(rows: Rows): Promise<void> {
  for (const row of [0, rows.count - 1]) {
    if (row < 0 || row >= rows.count) continue;
    rows.label(row);
    for (const [name, { dims, data }] of Object.entries(await rows.feeds(row))) {
      const count = dims.reduce((product, dim) => product * dim, 1);
      expect(data.length, `${name} [${dims}]`).toBe(count);
    }
  }
}
