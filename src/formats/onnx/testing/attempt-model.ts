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
    const again = new Uint8Array((await written?.blob.arrayBuffer()) ?? []);
    if (!sameBytes(again, mutant)) throw new Error('it is not written back as it was');
    const ours = await structureOfModel(model);
    const difference = firstDifference(ours, structureOfProto(mutant, sideBytes));
    if (difference) throw new Error(difference);
    plan(model);
    return 'accepted';
  };
}

async function openOrRefuse(files: readonly SourceFile[]): Promise<OnnxModel | null> {
  try {
    return await openOnnx(files);
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
