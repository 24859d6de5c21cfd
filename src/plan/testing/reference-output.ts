import { assert } from '../../core/assert.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { readFloat32 } from '../../formats/onnx/read-float32.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { payloadKey } from '../../model/edit.ts';
import type { Plan } from '../plan.ts';
import { prunedByReference } from './pruned-by-reference.ts';
import { referenceParts, restoredWeight } from './reference-parts.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ReferencePayloads {
  /** By the keys that the writer asks for. */
  readonly payloads: ReadonlyMap<string, Bytes>;
  /** By weight, what its payloads stand for, in the order of its axes. */
  readonly restored: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

/** Payloads of a plan, computed by the CPU reference. */
export async function referencePayloads(model: OnnxModel, plan: Plan): Promise<ReferencePayloads> {
  const payloads = new Map<string, Bytes>();
  const restored = new Map<string, Float32Array<ArrayBuffer>>();
  const sources = await Promise.all(
    plan.planned.map(({ weight }) => readFloat32(model, weight.tensor)),
  );
  const pruned = prunedByReference(plan.planned, sources);
  for (const [index, item] of plan.planned.entries()) {
    const values = pruned[index];
    assert(values, 'values of each weight');
    const parts = await referenceParts(item, values);
    for (const { part, payloads: bytes } of parts) {
      for (const role of Object.keys(bytes) as (keyof typeof bytes)[]) {
        const [spec, payload] = [part.tensors[role], bytes[role]];
        assert(spec && payload, `${part.choice.encoding} stores ${role}`);
        payloads.set(payloadKey(spec), payload);
      }
    }
    restored.set(item.weight.name, restoredWeight(item, parts));
  }
  return { payloads, restored };
}

/** The file of a plan whose weights the CPU reference compressed. */
export async function referenceOutput(model: OnnxModel, plan: Plan): Promise<Bytes> {
  const { payloads } = await referencePayloads(model, plan);
  return outputOf(model, plan, payloads);
}

export async function outputOf(
  model: OnnxModel,
  plan: Plan,
  payloads: ReadonlyMap<string, Bytes>,
): Promise<Bytes> {
  const [file] = writeOnnx(model, plan.layout, payloads);
  assert(file, 'a plan has a file');
  return new Uint8Array(await file.blob.arrayBuffer());
}
