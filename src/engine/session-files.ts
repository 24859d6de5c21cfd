/** A model as the runtime is given it: large weights beside the graph, as that takes less heap. */
import { tooBigToRun } from '../bench/heap.ts';
import type { ExternalFile } from '../bench/session.ts';
import { externalize } from '../formats/onnx/externalize.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';

export interface SessionFiles {
  readonly graph: Blob;
  readonly externalFiles: readonly ExternalFile[];
  readonly embeddedBytes: number;
  readonly externalBytes: number;
}

export type SessionSizes = Pick<SessionFiles, 'embeddedBytes' | 'externalBytes'>;

/** Why sessions are not open at once in one heap: "needs about 9.6 GB; …"; null if they can be. */
export function tooBigTogether(all: readonly SessionSizes[]): string | null {
  const sum = (key: keyof SessionSizes) => all.reduce((bytes, it) => bytes + it[key], 0);
  return tooBigToRun(sum('embeddedBytes'), sum('externalBytes'));
}

/** @param minBytes as `externalize` has it */
export function sessionFilesOf(model: OnnxModel, minBytes?: number): SessionFiles {
  const { externalFiles, ...rest } = externalize(model, minBytes);
  return {
    ...rest,
    externalFiles: externalFiles.map(({ path, blob }) => ({ path, bytes: blob })),
  };
}
