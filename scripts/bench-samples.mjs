/** What the benchmark opens: the built-in samples, and the large ones where WHITTLE_SAMPLES is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT_IN = fileURLToPath(new URL('../public/samples', import.meta.url));
const LARGE = ['sentiment-minilm', 'tiny-llama'];
const CORPUS = 'train.csv';
const OPENED = /\.(onnx|json|npz|csv|txt)$/;

/** @returns {{ id: string, files: string[], corpus: string[] }[]} `corpus`: more of a person's texts */
export function benchSamples() {
  /** @type {{ id: string, files: { path: string }[] }[]} */
  const index = JSON.parse(readFileSync(join(BUILT_IN, 'index.json'), 'utf8'));
  const builtIn = index.map(({ id, files }) => ({
    id,
    files: files.map(({ path }) => join(BUILT_IN, path)),
    corpus: [],
  }));
  const { WHITTLE_SAMPLES } = process.env;
  if (!WHITTLE_SAMPLES) return builtIn;
  const there = LARGE.filter((id) => existsSync(join(WHITTLE_SAMPLES, id)));
  const large = there.map((id) => {
    const folder = join(WHITTLE_SAMPLES, id);
    const names = readdirSync(folder).filter((name) => OPENED.test(name));
    const paths = (/** @type {boolean} */ isCorpus) =>
      names.filter((name) => (name === CORPUS) === isCorpus).map((name) => join(folder, name));
    return { id, files: paths(false), corpus: paths(true) };
  });
  return [...builtIn, ...large];
}
