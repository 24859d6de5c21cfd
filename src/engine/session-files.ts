/** A model as the runtime is given it: large weights beside the graph, as that takes less heap. */
import type { ExternalFile } from '../bench/session.ts';
import { externalize } from '../formats/onnx/externalize.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';

export interface SessionFiles {
  readonly graph: Blob;
  readonly externalFiles: readonly ExternalFile[];
  readonly embeddedBytes: number;
  readonly externalBytes: number;
}

/** @param minBytes as `externalize` has it */
export function sessionFilesOf(model: OnnxModel, minBytes?: number): SessionFiles {
  const { externalFiles, ...rest } = externalize(model, minBytes);
  return {
    ...rest,
    externalFiles: externalFiles.map(({ path, blob }) => ({ path, bytes: blob })),
  };
}
