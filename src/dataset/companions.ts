/** Which of the dropped files are data or describe it, and why the others are not read. */

export interface NamedBlob {
  readonly path: string;
  readonly blob: Blob;
}

export interface Unread {
  readonly path: string;
  readonly reason: string;
}

export interface Companions {
  readonly config: NamedBlob | null;
  readonly tokenizer: NamedBlob | null;
  readonly tokenizerConfig: NamedBlob | null;
  readonly preprocessor: NamedBlob | null;
  /** Read where tokens are renumbered. */
  readonly generationConfig: NamedBlob | null;
  readonly texts: readonly NamedBlob[];
  readonly tables: readonly NamedBlob[];
  readonly images: readonly NamedBlob[];
  readonly arrays: readonly NamedBlob[];
  readonly unread: readonly Unread[];
}

/** Reasons by name, first match wins; null: nothing to tell about the file. */
const REASONS: readonly (readonly [RegExp, string | null])[] = [
  [/(^|\/)(\.|readme|licen[cs]e|notice)/i, null],
  [/(^|\/)requirements[^/]*\.txt$/i, null],
  [/\.recipe\.json$/i, null],
  [/(^|\/)(vocab|special_tokens_map|added_tokens|merges)\.(json|txt)$/i, 'tokenizer.json says it'],
  [/\.(gif|bmp|tiff?|avif|heic)$/i, 'of images PNG, JPEG and WebP are read'],
  [/\.safetensors(\.index\.json)?$/i, 'safetensors files are not read yet'],
  [/\.gguf$/i, 'GGUF files are not read yet'],
  [/\.onnx$/i, 'another ONNX file is open'],
  [/(\.onnx_data|\.data)$/i, 'the model does not refer to it'],
  [/\.parquet$/i, 'Parquet is not read; save the rows as CSV'],
  [/\.(bin|pt|pth|h5|tflite|pb)$/i, 'this kind of model file is not read'],
];

const DESCRIPTIONS: readonly string[] = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'preprocessor_config.json',
  'generation_config.json',
];

/** - `modelPaths` — files that the opened model itself consists of */
export function sortCompanions(
  files: readonly NamedBlob[],
  modelPaths: ReadonlySet<string>,
): Companions {
  const unread: Unread[] = [];
  const texts: NamedBlob[] = [];
  const tables: NamedBlob[] = [];
  const images: NamedBlob[] = [];
  const arrays: NamedBlob[] = [];
  const named = new Map<string, NamedBlob>();
  // The nearest to the top counts: `config.json` before `backup/config.json`.
  const byDepth = [...files].sort((a, b) => depth(a.path) - depth(b.path));
  for (const file of byDepth) {
    const { path } = file;
    if (modelPaths.has(path)) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const rule = REASONS.find(([pattern]) => pattern.test(path));
    if (DESCRIPTIONS.includes(name)) {
      if (named.has(name)) unread.push({ path, reason: `${named.get(name)?.path} is used` });
      else named.set(name, file);
    } else if (/\.(csv|tsv|jsonl|ndjson)$/i.test(name)) tables.push(file);
    else if (/\.(npz|npy)$/i.test(name)) arrays.push(file);
    else if (/^[^.].*\.(png|jpe?g|webp)$/i.test(name)) images.push(file);
    else if (rule) {
      if (rule[1] !== null) unread.push({ path, reason: rule[1] });
    } else if (/\.(txt|text)$/i.test(name)) texts.push(file);
    else unread.push({ path, reason: 'this kind of file is not known' });
  }
  return {
    config: named.get('config.json') ?? null,
    tokenizer: named.get('tokenizer.json') ?? null,
    tokenizerConfig: named.get('tokenizer_config.json') ?? null,
    preprocessor: named.get('preprocessor_config.json') ?? null,
    generationConfig: named.get('generation_config.json') ?? null,
    ...{ texts, tables, images, arrays, unread },
  };
}

const depth = (path: string): number => path.split('/').length;
