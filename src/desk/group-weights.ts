/** Which weights belong together, by their names alone: layers by number, the rest by its prefix. */
import type { WeightSeries } from '../report/model-summary.ts';

export interface WeightGroup {
  /** "layer 3", "encoder layer 3", "features.2", "embeddings". */
  readonly group: string;
  /** What repeats, and the group's number in it; null if nothing does. */
  readonly series: WeightSeries | null;
}

interface Parsed {
  /** Tells series of one name apart: the path before the number, its words joined by dots. */
  path: string;
  readonly name: string;
  readonly separator: ' ' | '.' | '';
  readonly index: number | null;
}

/** Layers of transformers, under the names that exporters give them. */
const LAYER = /(?:^|[./_])(?:layers?|blocks?|h|stages?)[./_](\d+)(?:[./_]|$)/;

/** The group of each label. Series of one name and different paths are told apart by their paths. */
export function groupWeights(labels: readonly string[]): readonly WeightGroup[] {
  const parsed = labels.map(parseLabel);
  sharePaths(parsed);
  const paths = new Map<string, Set<string>>();
  for (const { name, path, index } of parsed) {
    if (index === null) continue;
    const own = paths.get(name) ?? new Set();
    paths.set(name, own.add(path));
  }
  return parsed.map(({ name, path, separator, index }) => {
    if (index === null) return { group: name, series: null };
    const series = shownName(name, path, paths.get(name) ?? new Set());
    return { group: `${series}${separator}${index}`, series: { name: series, index } };
  });
}

/** Exporters name some weights from the root and some from within: the shorter path is the same. */
function sharePaths(parsed: readonly Parsed[]): void {
  const paths = [...new Set(parsed.map(({ path }) => path))].sort((a, b) => a.length - b.length);
  const shortest = new Map(
    paths.map((path) => [
      path,
      paths.find((it) => it !== '' && `.${path}`.endsWith(`.${it}`)) ?? path,
    ]),
  );
  for (const it of parsed) it.path = shortest.get(it.path) ?? it.path;
}

/** "layer"; "encoder layer" among other layers; with the whole path if that is not enough. */
function shownName(name: string, path: string, all: ReadonlySet<string>): string {
  if (all.size === 1) return name;
  const ends = [...all].map(lastWord);
  const end = new Set(ends).size === ends.length ? lastWord(path) : path;
  return end === '' ? name : `${end} ${name}`;
}

const lastWord = (path: string): string => path.split('.').at(-1) ?? '';

function parseLabel(label: string): Parsed {
  const layer = LAYER.exec(label);
  if (layer) {
    const path = label.slice(0, layer.index).split(/[./]/).filter(Boolean).join('.');
    return { path, name: 'layer', separator: ' ', index: Number(layer[1]) };
  }
  if (/embed/i.test(label)) return alone('embeddings');
  const parts = label.split(/[./]/).filter(Boolean);
  const folders = parts.slice(0, -1);
  if (folders.length === 0) return alone(prefixOf(label));
  const numbered = folders.findIndex((part, at) => at > 0 && isIndex(part));
  if (numbered > 0) {
    const path = folders.slice(0, numbered - 1).join('.');
    const [name = '', index] = folders.slice(numbered - 1);
    return { path, name, separator: '.', index: Number(index) };
  }
  for (const [at, part] of folders.entries()) {
    const [, name, index] = /^(.*\D)(\d{1,6})$/.exec(part) ?? [];
    if (name !== undefined && index !== undefined) {
      return { path: folders.slice(0, at).join('.'), name, separator: '', index: Number(index) };
    }
  }
  return alone(folders[0] ?? 'other');
}

const alone = (name: string): Parsed => ({ path: '', name, separator: '', index: null });

const isIndex = (part: string): boolean => /^\d{1,6}$/.test(part);

/** "conv1" of "conv1_weight", "onnx::MatMul" of "onnx::MatMul_123". */
const prefixOf = (label: string): string =>
  (label.startsWith('onnx::') ? label.replace(/_\d+$/, '') : label.split('_')[0]) || 'other';
