import { assert } from '../../core/assert.ts';
import { payloadsOf } from '../../encoders/payloads.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { readFloat32 } from '../../formats/onnx/read-float32.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { quantize } from '../../reference/quantize.ts';
import type { Plan } from '../plan.ts';

/** The file of a plan whose weights the CPU reference quantized. */
export async function referenceOutput(
  model: OnnxModel,
  plan: Plan,
): Promise<Uint8Array<ArrayBuffer>> {
  const payloads = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { weight, view, choice, tensors } of plan.planned) {
    const { K, N, transposed } = view;
    const values = await readFloat32(model, weight.tensor);
    const bytes = payloadsOf(choice, K, N, quantize(values, { ...choice, K, N, transposed }));
    for (const role of Object.keys(bytes) as (keyof typeof bytes)[]) {
      const [spec, payload] = [tensors[role], bytes[role]];
      assert(spec && payload, `${choice.encoding} stores ${role}`);
      payloads.set(spec.name, payload);
    }
  }
  const [file] = writeOnnx(model, plan.layout, payloads);
  assert(file, 'a plan has a file');
  return new Uint8Array(await file.blob.arrayBuffer());
}
