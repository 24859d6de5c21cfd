/** Raises a model and writes it. */
import { takenNames } from '../../../../model/testing/taken-names.ts';
import { layoutOnnx } from '../../layout.ts';
import type { OnnxModel } from '../../onnx-model.ts';
import { writeOnnx } from '../../write.ts';
import { planUpgrade } from '../plan-upgrade.ts';

/** The raised model's file, or why it was refused. */
export async function raiseOpset(
  model: OnnxModel,
  to: number,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const upgrade = planUpgrade(model, to, { unique: takenNames(model) });
  if ('refused' in upgrade) return upgrade.refused;
  const [file] = writeOnnx(model, layoutOnnx(model, upgrade.edit), new Map());
  if (!file) throw new Error('there is a file');
  return new Uint8Array(await file.blob.arrayBuffer());
}
