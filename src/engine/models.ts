/** What the engine keeps of each opened model. */
import type { DroppedFile } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { type Dataset, openDataset, ROW_SEED } from '../dataset/dataset.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Weight } from '../model/weight.ts';

export interface OpenModel {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
  readonly dataset: Dataset;
}

export class OpenModels {
  readonly #open = new Map<string, OpenModel>();

  async open(id: string, files: readonly DroppedFile[], signal: AbortSignal): Promise<void> {
    const model = await openOnnx(files, signal);
    const dataset = await openDataset(files, model, { seed: ROW_SEED });
    const weights = findWeights(model);
    this.#open.set(id, { model, weights, dataset });
  }

  get(id: string): OpenModel {
    const open = this.#open.get(id);
    if (open) return open;
    throw new StudioError('worker-failed', 'The engine lost the model. Open it again.');
  }

  /** Forgets the model; gives it back so that what was made for it can be released. */
  close(id: string): OpenModel | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open;
  }
}
