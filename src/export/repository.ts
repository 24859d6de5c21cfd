/** The layout of a Hugging Face repository as transformers.js reads it. */
import type { RunReport } from '../report/report.ts';
import { escapeMarkdown } from './markdown.ts';
import { modelCardSection } from './model-card.ts';
import { isVariantDtype, suggestedDtype, type VariantDtype, variantPath } from './variants.ts';

/** A run under the name that it takes in the repository. */
export interface Variant {
  readonly run: RunReport;
  readonly dtype: VariantDtype;
}

/** Companions that transformers.js or its tokenizers read, by the names they must have. */
const COMPANIONS: ReadonlySet<string> = new Set([
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'processor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
]);

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Of files that were opened together, those that belong to the repository: the first of each name. */
export function companionsOf<F extends { readonly path: string }>(
  files: readonly F[],
): readonly F[] {
  const taken = new Set<string>();
  return files.filter(({ path }) => {
    const name = baseName(path);
    const isFirst = COMPANIONS.has(name) && !taken.has(name);
    if (isFirst) taken.add(name);
    return isFirst;
  });
}

/** Where a companion lies in the repository. */
export const companionPath = (path: string): string => baseName(path);

/** Names as the encodings suggest them; a run whose name is taken by an earlier one has null. */
export function suggestedNames(
  runs: readonly RunReport[],
): ReadonlyMap<string, VariantDtype | null> {
  const taken = new Set<VariantDtype>();
  return new Map(
    runs.map((run) => {
      const dtype = suggestedDtype(run);
      const free = !taken.has(dtype);
      taken.add(dtype);
      return [run.id, free ? dtype : null];
    }),
  );
}

/** Why the chosen runs make no repository, in a sentence that names them; null if they do. */
export function repositoryObstacle(
  chosen: readonly {
    readonly name: string;
    readonly dtype: string | null;
    readonly fileCount: number;
  }[],
): string | null {
  if (chosen.length === 0) return 'Choose at least one run.';
  const byName = new Map<string, string>();
  for (const { name, dtype, fileCount } of chosen) {
    if (dtype === null || !isVariantDtype(dtype)) return `Choose a name for ${name}.`;
    const other = byName.get(dtype);
    if (other !== undefined) {
      return `${other} and ${name} would both be ${variantPath(dtype)}. Give one of them another name.`;
    }
    byName.set(dtype, name);
    if (fileCount > 1) {
      return `${name} has files of its own beside the graph: side files, or a tokenizer. Download it by itself.`;
    }
  }
  return null;
}

/**
 * README.md of the repository.
 * - `title` — the repository's name
 * - `task` — its pipeline; null if nothing says
 */
export function repositoryReadme(
  title: string,
  task: string | null,
  baseline: RunReport,
  variants: readonly Variant[],
): string {
  const paths = new Map(variants.map(({ run, dtype }) => [run.id, variantPath(dtype)]));
  const runs = [
    baseline,
    ...variants.map(({ run }) => run).filter((run) => run.id !== baseline.id),
  ];
  const front = [
    '---',
    'library_name: transformers.js',
    ...(task ? [`pipeline_tag: ${task}`] : []),
    'tags:',
    '- onnx',
    '---',
  ];
  const usage = variants.map(
    ({ run, dtype }) =>
      `- \`dtype: '${dtype}'\` loads \`${variantPath(dtype)}\`, ${escapeMarkdown(run.name)}`,
  );
  return [
    ...front,
    '',
    `# ${escapeMarkdown(title)}`,
    '',
    ...usage,
    '',
    modelCardSection(runs, paths),
  ].join('\n');
}
