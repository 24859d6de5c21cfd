/**
 * What every file must do: be refused with a reason, or open, come back byte for byte, mean what
 * protobuf decodes, and let itself be planned.
 */
import { StudioError } from '../../../core/studio-error.ts';
import { type Outcome, onTime } from '../../../core/testing/fuzz.ts';
import type { Bytes } from '../../../core/testing/mutate-bytes.ts';
import { EMPTY_EDIT } from '../../../model/edit.ts';
import type { SourceFile } from '../../../model/model.ts';
import { layoutOnnx } from '../layout.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { openOnnx } from '../open.ts';
import { writeOnnx } from '../write.ts';
import { firstDifference, sameBytes } from './first-difference.ts';
import { structureOfModel } from './structure-of-model.ts';
import { structureOfProto } from './structure-of-proto.ts';

const LONGEST_OPEN_MS = 2000;
const MOST_MEMORY = 256 * 2 ** 20; // bytes beside the file's own

/**
 * @param plan what else an opened model must survive without any error but a `StudioError`
 * @param memoryInUse figures in bytes, none of which may grow too much while a file is opened
 */
export async function attemptModel(
  sides: readonly SourceFile[],
  plan: (model: OnnxModel) => void,
  memoryInUse: () => readonly number[],
): Promise<(mutant: Bytes) => Promise<Outcome>> {
  const sideBytes = new Map<string, Uint8Array>();
  for (const { path, blob } of sides) sideBytes.set(path, new Uint8Array(await blob.arrayBuffer()));
  return async (mutant) => {
    const files = [{ path: 'model.onnx', blob: new Blob([mutant]) }, ...sides];
    const before = memoryInUse();
    const model = await onTime(LONGEST_OPEN_MS, () => openOrRefuse(files));
    const grown = Math.max(...memoryInUse().map((bytes, index) => bytes - (before[index] ?? 0)));
    if (grown > MOST_MEMORY + mutant.length) throw new Error(`opening took ${grown} bytes`);
    if (!model) return 'rejected';
    const [written] = writeOnnx(model, layoutOnnx(model, EMPTY_EDIT), new Map());
    if (!written || !(await holds(written.blob, mutant)))
      throw new Error('it is not written back as it was');
    const ours = await structureOfModel(model);
    const difference = firstDifference(ours, structureOfProto(mutant, sideBytes));
    if (difference) throw new Error(difference);
    plan(model);
    return 'accepted';
  };
}

const PIECE = 2 ** 22; // bytes; a whole model at once would be allocated anew for each mutant

async function holds(blob: Blob, bytes: Bytes): Promise<boolean> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
    if (!sameBytes(piece, bytes.subarray(at, at + PIECE))) return false;
  }
  return blob.size === bytes.length;
}

async function openOrRefuse(files: readonly SourceFile[]): Promise<OnnxModel | null> {
  try {
    return await openOnnx(files);
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
