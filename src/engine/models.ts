/** What the engine keeps of each opened model. */
import type { DroppedFile } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';
import { type DatasetOptions, openDataset, ROW_SEED } from '../dataset/dataset.ts';
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
  /** Says what was made of the files that were opened; absent for the original. */
  readonly variant?: string;
  /** What sessions are made of, where `model` is put together from several files. */
  readonly runnable?: OnnxModel;
}

export interface Given {
  readonly files: readonly DroppedFile[];
  readonly options: DatasetOptions;
}

interface Entry extends Given {
  readonly open: OpenModel;
}

export class OpenModels {
  readonly #entries = new Map<string, Entry>();

  /** - `mapping` — what the person said about names; null takes them as they are */
  async open(
    id: string,
    files: readonly DroppedFile[],
    mapping: DataMapping | null,
    signal: AbortSignal,
  ): Promise<void> {
    const model = await openOnnx(files, signal);
    const options = optionsOf(mapping);
    const dataset = await openDataset(files, model, options);
    const weights = findWeights(model);
    this.#entries.set(id, { files, options, open: { model, weights, dataset } });
  }

  /** Reads the rows again; gives back what was open, so that what was made for it can be released. */
  async remap(id: string, mapping: DataMapping | null): Promise<OpenModel> {
    const { files, open: before } = this.#entry(id);
    const options = optionsOf(mapping);
    const dataset = await openDataset(files, before.model, options);
    this.#entries.set(id, { files, options, open: { ...before, dataset } });
    return before;
  }

  get(id: string): OpenModel {
    return this.#entry(id).open;
  }

  /** The files of the model and its companions, and how rows are read from them. */
  given(id: string): Given {
    return this.#entry(id);
  }

  /** Forgets the model; gives it back so that what was made for it can be released. */
  close(id: string): OpenModel | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry?.open;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new StudioError('worker-failed', 'The engine lost the model. Open it again.');
  }
}

const optionsOf = (mapping: DataMapping | null): DatasetOptions => ({
  seed: ROW_SEED,
  ...(mapping && { mapping }),
});
