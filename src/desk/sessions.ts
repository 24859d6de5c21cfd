/** What the desk keeps of each opened model. */
import type { DroppedFile, Opened } from '../bridge/opened.ts';
import { newId } from '../core/new-id.ts';
import { StudioError } from '../core/studio-error.ts';
import { openDataset, ROW_SEED } from '../dataset/dataset.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Weight } from '../model/weight.ts';
import { parseRecipeText } from '../recipe/parse-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DataMapping } from '../report/data-mapping.ts';
import type { DatasetSummary } from '../report/model-summary.ts';
import { summarizeModel } from './model-summary.ts';

export interface Session {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
  /** As the engine was given them. */
  readonly files: readonly DroppedFile[];
  readonly mapping: DataMapping | null;
}

const LARGEST_RECIPE = 2 ** 20;
const RECIPE_FILE = /\.recipe\.json$/i;

export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #datasets = new Map<string, Promise<Dataset>>();

  /** @throws whatever is wrong with the model, its rows or the recipe, as StudioError */
  async open(files: readonly DroppedFile[], signal: AbortSignal): Promise<Opened> {
    const recipe = await readRecipe(files);
    const companions = files.filter(({ path }) => !RECIPE_FILE.test(path));
    const model = await openOnnx(companions, signal);
    const weights = findWeights(model);
    const dataset = await openDataset(companions, model, { seed: ROW_SEED });
    const id = newId();
    this.#open.set(id, { model, weights, files: companions, mapping: null });
    return {
      model: summarizeModel(id, model, weights),
      dataset: dataset.summary,
      recipe,
      files: companions,
    };
  }

  /** What the rows give under `mapping`. @throws whatever is wrong with them, as StudioError */
  async remap(id: string, mapping: DataMapping | null): Promise<DatasetSummary> {
    const dataset = await openRows({ ...this.get(id), mapping });
    this.#open.set(id, { ...this.get(id), mapping });
    this.#datasets.set(id, Promise.resolve(dataset));
    return dataset.summary;
  }

  /** The rows of a model, read when they are first looked at: most of the time nobody does. */
  dataset(id: string): Promise<Dataset> {
    const known = this.#datasets.get(id);
    if (known) return known;
    const dataset = openRows(this.get(id));
    this.#datasets.set(id, dataset);
    dataset.catch(() => this.#datasets.delete(id));
    return dataset;
  }

  get(id: string): Session {
    const session = this.#open.get(id);
    if (session) return session;
    throw new StudioError('worker-failed', 'The model is not open any more. Open it again.');
  }

  close(id: string): void {
    this.#open.delete(id);
    this.#datasets.delete(id);
  }
}

const openRows = ({ files, model, mapping }: Session): Promise<Dataset> =>
  openDataset(files, model, { seed: ROW_SEED, ...(mapping && { mapping }) });

async function readRecipe(files: readonly DroppedFile[]): Promise<Recipe | null> {
  const [file, ...others] = files.filter(({ path }) => RECIPE_FILE.test(path));
  if (others.length > 0) {
    throw new StudioError('bad-recipe', 'Drop one recipe at a time: several were dropped.');
  }
  if (!file) return null;
  // Before it is read: what no recipe has is not taken into memory.
  if (file.blob.size > LARGEST_RECIPE) {
    throw new StudioError(
      'bad-recipe',
      `${file.path} has ${file.blob.size} B; a recipe has at most ${LARGEST_RECIPE}.`,
      { detail: { file: file.path } },
    );
  }
  return parseRecipeText(await file.blob.text());
}
