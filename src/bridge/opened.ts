/** What crosses when something is opened. */
import type { Recipe } from '../recipe/recipe.ts';
import type { DatasetSummary, ModelSummary } from '../report/model-summary.ts';

/** A dropped or chosen file under its path within the drop. */
export interface DroppedFile {
  readonly path: string;
  readonly blob: Blob;
}

export interface Opened {
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  /** A `*.recipe.json` that was dropped along. */
  readonly recipe: Recipe | null;
  /** The files as the engine must be given them. */
  readonly files: readonly DroppedFile[];
}
