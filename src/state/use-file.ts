/** How the selected run's file is used in code, and runs in the layout of a repository. */
import type { DroppedFile } from '../bridge/opened.ts';
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';
import { takesTokens } from '../export/model-inputs.ts';
import {
  companionPath,
  companionsOf,
  repositoryObstacle,
  repositoryReadme,
  suggestedNames,
} from '../export/repository.ts';
import { taskOf } from '../export/task.ts';
import type { Snippet } from '../export/usage.ts';
import { suggestedDtype, type VariantDtype, variantPath } from '../export/variants.ts';
import { formatExactBytes } from '../report/format.ts';
import { fileTitle } from './file-slug.ts';
import { downloadFiles, downloadName, handOut, identityOf, selectedRun } from './hand-out.ts';
import { BASELINE_ID, type Run, toReport, truthFails } from './run.ts';
import type { HandOver, VariantChoice } from './shared-view.ts';
import type { Session } from './state.ts';
import type { Studio } from './store.ts';

const MAX_CONFIG_BYTES = 4 * 2 ** 20;

/** Shows snippets for the selected run's file. */
export async function showUse(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const run = session && selectedRun(session);
  if (!session || !run?.files || !run.recipe) return;
  const { model, files } = session;
  const own =
    run.files.length === 1 ? [downloadName(session, run)] : downloadFiles(session, run).map(nameOf);
  const { task, multiLabel } = await configOf(files);
  const { labels, cutAt = null } = session.dataset;
  const usage = {
    files: own,
    inputs: model.inputs,
    outputs: model.outputs,
    target: run.recipe.target,
    dtype: suggestedDtype(run),
    task: task ?? taskByData(session),
    folder: folderName(session),
    companions: companionsOf(files)
      .map(nameOf)
      .filter((name) => !own.includes(name)),
    ...{ labels, cutAt, multiLabel },
    run,
  };
  studio.store.setState({ handOver: { kind: 'use', runName: run.name, usage } });
}

/** What the status line says of a snippet that was copied. */
export const copiedWords = (title: string): string => `Copied the ${title} code.`;

/** Puts a snippet into the clipboard. */
export async function copySnippet(
  studio: Studio,
  { title, code }: Pick<Snippet, 'title' | 'code'>,
): Promise<void> {
  if (code === null) return;
  await handOut(studio, async () => {
    try {
      await studio.effects.copy(code);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return 'The browser keeps its clipboard closed. Select the code and copy it by hand.';
    }
    return copiedWords(title);
  });
}

const nameOf = ({ path }: { readonly path: string }): string =>
  path.slice(path.lastIndexOf('/') + 1);

/** A name for a folder and for an address. */
const folderName = ({ model }: Session): string =>
  fileTitle(model.title)
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '') || 'model';

interface ConfigWords {
  readonly task: string | null;
  readonly multiLabel: boolean;
}

const NO_WORDS: ConfigWords = { task: null, multiLabel: false };

async function configOf(files: readonly DroppedFile[]): Promise<ConfigWords> {
  const config = files.find((file) => nameOf(file) === 'config.json');
  if (!config || config.blob.size > MAX_CONFIG_BYTES) return NO_WORDS;
  try {
    const words = parseJson(await config.blob.text(), config.path, 'bad-dataset');
    const { problem_type } = Object(words) as { readonly problem_type?: unknown };
    return { task: taskOf(words), multiLabel: problem_type === 'multi_label_classification' };
  } catch (error) {
    if (error instanceof StudioError) return NO_WORDS; // a damaged config names nothing
    throw error;
  }
}

/** Texts that are answered by classes, as the rows show; null where no row tells. */
const taskByData = ({ model, dataset }: Session): string | null =>
  takesTokens(model.inputs) && dataset.metric === 'accuracy' && dataset.labels.length > 1
    ? 'text-classification'
    : null;

/** Lists the runs, each under the name that its encoding suggests; the original is left out. */
export function offerRepository(studio: Studio): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const runs = session.runs.filter((run) => run.files !== null || run.id === BASELINE_ID);
  // The selected run's name is its own; the original takes one only if no run wants it.
  const wish = (run: Run) =>
    run.kind === 'baseline' ? 2 : run.id === session.selectedRunId ? 0 : 1;
  const byWish = runs.toSorted((a, b) => wish(a) - wish(b));
  const names = suggestedNames(byWish.map((run) => toReport(run, NO_IDENTITY)));
  const choices = runs.map(
    (run): VariantChoice => ({
      runId: run.id,
      name: run.name,
      chosen:
        run.kind === 'run' &&
        names.get(run.id) != null &&
        !truthFails(run) &&
        (run.files?.length ?? 0) <= 1,
      dtype: names.get(run.id) ?? null,
      byteLength: run.output.byteLength,
      fileCount: run.files?.length ?? run.output.files.length,
      isWrong: truthFails(run),
    }),
  );
  const hasConfig = session.files.some((file) => nameOf(file) === 'config.json');
  studio.store.setState({ handOver: { kind: 'repository', choices, hasConfig } });
}

/** Names follow from weights alone. */
const NO_IDENTITY = { name: '', sha256: '', byteLength: 0, parameterCount: 0 };

/** Takes a run into the repository or out of it, or gives it another name. */
export function chooseVariant(
  studio: Studio,
  runId: string,
  change: { readonly chosen?: boolean; readonly dtype?: VariantDtype },
): void {
  const { handOver } = studio.store.getState();
  if (handOver?.kind !== 'repository') return;
  const choices = handOver.choices.map((it) => (it.runId === runId ? { ...it, ...change } : it));
  studio.store.setState({ handOver: { ...handOver, choices } });
}

export const variantsObstacle = ({ choices }: Extract<HandOver, { kind: 'repository' }>) =>
  repositoryObstacle(choices.filter(({ chosen }) => chosen));

/** One zip: README.md, companions, and each chosen run where transformers.js looks for it. */
export async function saveRepository(studio: Studio): Promise<void> {
  const { session, handOver } = studio.store.getState();
  if (!session || handOver?.kind !== 'repository') return;
  await handOut(studio, async () => {
    const obstacle = variantsObstacle(handOver);
    if (obstacle !== null) return obstacle;
    const chosen = handOver.choices.filter((it) => it.chosen);
    const variants = chosen.flatMap(({ runId, dtype }) => {
      const run = session.runs.find(({ id }) => id === runId);
      return run && dtype ? [{ run, dtype }] : [];
    });
    const folder = folderName(session);
    const files: DroppedFile[] = [
      await readmeOf(studio, session, variants),
      ...companionsOf(session.files).map(({ path, blob }) => ({ path: companionPath(path), blob })),
      ...variants.flatMap(({ run, dtype }) => {
        const [graph] = run.files ?? originalFiles(session, run);
        return graph ? [{ path: variantPath(dtype), blob: graph.blob }] : [];
      }),
    ];
    const inFolder = files.map(({ path, blob }) => ({ path: `${folder}/${path}`, blob }));
    const zip = await studio.desk.call('zip', [inFolder]);
    const name = `${folder}.zip`;
    studio.effects.save(name, zip);
    studio.store.setState({ handOver: null });
    return `Saved ${name}, ${formatExactBytes(zip.size)}: ${variants.length} of ${session.runs.length} runs.`;
  });
}

function originalFiles({ files }: Session, { output }: Run): readonly DroppedFile[] {
  const own = new Set(output.files.map(({ path }) => path));
  return files.filter(({ path }) => own.has(path));
}

async function readmeOf(
  studio: Studio,
  session: Session,
  variants: readonly { readonly run: Run; readonly dtype: VariantDtype }[],
): Promise<DroppedFile> {
  const identity = await identityOf(studio, session);
  const original = session.runs.find(({ id }) => id === BASELINE_ID);
  const [first] = variants;
  const baseline = original ?? first?.run;
  if (!baseline) throw new StudioError('missing-file', 'There is no run to save.');
  const text = repositoryReadme(
    session.model.title,
    (await configOf(session.files)).task ?? taskByData(session),
    toReport(baseline, identity),
    variants.map(({ run, dtype }) => ({ run: toReport(run, identity), dtype })),
  );
  return { path: 'README.md', blob: new Blob([text], { type: 'text/markdown' }) };
}
