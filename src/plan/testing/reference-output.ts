import { assert } from '../../core/assert.ts';
import { float16Bits } from '../../core/float16.ts';
import { permute } from '../../core/permute.ts';
import { floatPayloads, payloadsOf } from '../../encoders/payloads.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { readFloat32 } from '../../formats/onnx/read-float32.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { payloadKey } from '../../model/edit.ts';
import { quantize } from '../../reference/quantize.ts';
import { svd } from '../../reference/svd.ts';
import type { Plan } from '../plan.ts';
import { factorOrder, type PlannedPart, type PlannedWeight } from '../planned-weight.ts';
import { prunedByReference } from './pruned-by-reference.ts';

type Values = Float32Array<ArrayBuffer>;

/** Payloads of a plan, computed by the CPU reference, by the keys that the writer asks for. */
export async function referencePayloads(
  model: OnnxModel,
  plan: Plan,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const payloads = new Map<string, Uint8Array<ArrayBuffer>>();
  const sources = await Promise.all(
    plan.planned.map(({ weight }) => readFloat32(model, weight.tensor)),
  );
  const pruned = prunedByReference(plan.planned, sources);
  plan.planned.forEach((item, index) => {
    const values = pruned[index];
    assert(values, 'values of each weight');
    for (const [part, own] of partValues(item, values)) {
      const bytes = storedBytes(part, own);
      for (const role of Object.keys(bytes) as (keyof typeof bytes)[]) {
        const [spec, payload] = [part.tensors[role], bytes[role]];
        assert(spec && payload, `${part.choice.encoding} stores ${role}`);
        payloads.set(payloadKey(spec), payload);
      }
    }
  });
  return payloads;
}

/** The file of a plan whose weights the CPU reference compressed. */
export async function referenceOutput(
  model: OnnxModel,
  plan: Plan,
): Promise<Uint8Array<ArrayBuffer>> {
  const [file] = writeOnnx(model, plan.layout, await referencePayloads(model, plan));
  assert(file, 'a plan has a file');
  return new Uint8Array(await file.blob.arrayBuffer());
}

/** Each part with its values in the order of its own axes. */
function partValues(
  item: PlannedWeight,
  values: Values,
): readonly (readonly [PlannedPart, Values])[] {
  const { view, factorize, parts } = item;
  const [first, second] = parts;
  assert(first, 'a planned weight has a part');
  if (!second) return [[first, values]];
  assert(factorize, 'two parts are factors');
  const lying = view.perm ? permute(values, view.dims, view.perm) : values;
  const [rows, columns] = view.transposed ? [view.N, view.K] : [view.K, view.N];
  const { u, s, vt } = svd(lying, rows, columns);
  const { rank } = factorize;
  const width = Math.min(rows, columns);
  const root = (k: number) => Math.sqrt(s[k] ?? 0);
  const left = Float32Array.from(
    { length: rows * rank },
    (_, i) => (u[Math.floor(i / rank) * width + (i % rank)] ?? 0) * root(i % rank),
  );
  const right = Float32Array.from(
    { length: rank * columns },
    (_, i) => (vt[i] ?? 0) * root(Math.floor(i / columns)),
  );
  return factorOrder(view)[0] === 'A'
    ? [
        [first, left],
        [second, right],
      ]
    : [
        [first, right],
        [second, left],
      ];
}

function storedBytes(part: PlannedPart, values: Values) {
  const { choice, K, N, transposed, dims, perm } = part;
  if (choice.kind === 'quantized') {
    const lying = perm ? permute(values, dims, perm) : values;
    return payloadsOf(choice, part, quantize(lying, { ...choice, K, N, transposed }));
  }
  return floatPayloads(choice, floatBytes(values, choice.dtype));
}

function floatBytes(values: Values, dtype: string): Uint8Array<ArrayBuffer> {
  if (dtype === 'float32') return new Uint8Array(values.slice().buffer);
  if (dtype === 'float64') return new Uint8Array(Float64Array.from(values).buffer);
  assert(dtype === 'float16', `${dtype} is not stored here`);
  return new Uint8Array(Uint16Array.from(values, float16Bits).buffer);
}
