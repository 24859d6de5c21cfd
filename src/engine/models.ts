/** What the engine keeps of each opened model. */
import type { DroppedFile } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';
import { openDataset, ROW_SEED } from '../dataset/dataset.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Weight } from '../model/weight.ts';
import type { DataMapping } from '../report/data-mapping.ts';

export interface OpenModel {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
  readonly dataset: Dataset;
}

export interface Given {
  readonly files: readonly DroppedFile[];
  readonly mapping: DataMapping | null;
}

export class OpenModels {
  readonly #open = new Map<string, OpenModel>();
  /** As they were given, to be read again under another mapping. */
  readonly #given = new Map<string, Given>();

  /** - `mapping` — what the person said about names; null takes them as they are */
  async open(
    id: string,
    files: readonly DroppedFile[],
    mapping: DataMapping | null,
    signal: AbortSignal,
  ): Promise<void> {
    const model = await openOnnx(files, signal);
    const dataset = await openDataset(files, model, optionsOf(mapping));
    const weights = findWeights(model);
    this.#open.set(id, { model, weights, dataset });
    this.#given.set(id, { files, mapping });
  }

  /** Reads the rows again; gives back what was open, so that what was made for it can be released. */
  async remap(id: string, mapping: DataMapping | null): Promise<OpenModel> {
    const before = this.get(id);
    const { files } = this.given(id);
    const dataset = await openDataset(files, before.model, optionsOf(mapping));
    this.#open.set(id, { ...before, dataset });
    this.#given.set(id, { files, mapping });
    return before;
  }

  get(id: string): OpenModel {
    const open = this.#open.get(id);
    if (open) return open;
    throw new StudioError('worker-failed', 'The engine lost the model. Open it again.');
  }

  /** The files of the model and its companions, and how their names are taken. */
  given(id: string): Given {
    return this.#given.get(id) ?? { files: [], mapping: null };
  }

  /** Forgets the model; gives it back so that what was made for it can be released. */
  close(id: string): OpenModel | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    this.#given.delete(id);
    return open;
  }
}

const optionsOf = (mapping: DataMapping | null) => ({
  seed: ROW_SEED,
  ...(mapping && { mapping }),
});
