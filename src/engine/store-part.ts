/** One matrix to the tensors that the file stores. */
import { assert } from '../core/assert.ts';
import type { ErrorStatistics, Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import { codebookPayloads, codebookValues } from '../encoders/codebook-payloads.ts';
import type { Payloads } from '../encoders/encoder.ts';
import { floatPayloads, payloadsOf } from '../encoders/payloads.ts';
import type { Executor } from '../methods/executor.ts';
import { fitCodebook } from '../methods/fit-codebook.ts';
import { storeFloats, widened } from '../methods/fp16.ts';
import { permutedSource } from '../methods/permuted-source.ts';
import { quantizeBy } from '../methods/quantize-by.ts';
import { readValues } from '../methods/read-values.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import { payloadKey } from '../model/edit.ts';
import { looksAtInputs, type PlannedPart } from '../plan/planned-weight.ts';
import { dequantize } from '../reference/dequantize.ts';
import type { Calibrated } from './calibration.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface StoredPart {
  /** By what the writer asks for them by. */
  readonly payloads: readonly (readonly [string, Bytes])[];
  /** Against the values of its source. */
  readonly errors: ErrorStatistics;
  /** What the file stores, as float32 in the order of the source; null unless asked for. */
  readonly values: Float32Array<ArrayBuffer> | null;
  /** What a person should know of how it went; null for nothing. */
  readonly note: string | null;
}

export interface PartContext {
  readonly executor: Executor;
  /** What is known of its inputs; null where no step asks. */
  readonly calibrated: Calibrated | null;
  /** The part before it was pruned, if it was. */
  readonly original?: WeightSource;
  readonly signal: AbortSignal;
}

export function specOf({ choice, K, N, transposed }: PlannedPart): QuantizeSpec {
  assert(choice.kind === 'quantized', 'a part that is quantized');
  const { rule, bits, blockSize, symmetric, scaleType, packing, clip } = choice;
  return { rule, bits, blockSize, symmetric, scaleType, packing, clip, K, N, transposed };
}

/** @throws what concerns this weight alone, and as `Executor`; the signal's reason */
export async function storePart(
  part: PlannedPart,
  source: WeightSource,
  { executor, calibrated, original, signal }: PartContext,
  { withValues = false } = {},
): Promise<StoredPart> {
  const { choice, dims, perm, method } = part;
  const isUnseen = looksAtInputs(part) && calibrated?.reason;
  const unseen = isUnseen ? `Calibrated by nothing: ${calibrated.reason}` : null;
  if (choice.kind === 'float') {
    const { values: stored, errors } = await storeFloats(source, choice.dtype, signal);
    const payloads = keyed(part, floatPayloads(choice, part, stored));
    if (!withValues) return { payloads, errors, values: null, note: null };
    const isHalf = choice.dtype === 'float16';
    return {
      payloads,
      errors,
      values: isHalf ? widened(stored) : await readValues(source, signal),
      note: null,
    };
  }
  if (choice.kind === 'codebook') {
    const given = await readValues(source, signal);
    const inputs = calibrated?.statistics ?? null;
    const fitted = await fitCodebook(
      ...([source.name, given, choice, part, executor, signal, inputs] as const),
    );
    const payloads = keyed(part, codebookPayloads(choice, part, fitted));
    const values = withValues ? codebookValues(choice, part, fitted) : null;
    return { payloads, errors: fitted.errors, values, note: fitted.note ?? unseen };
  }
  const spec = specOf(part);
  const inOrder = async (it: WeightSource) => (perm ? permutedSource(it, dims, perm, signal) : it);
  const own = await inOrder(source);
  assert(method, 'codes are found somehow');
  const { quantized, note } = await quantizeBy(method, own, spec, {
    ...{ executor, signal, statistics: calibrated?.statistics ?? null },
    ...(original && { original: await inOrder(original) }),
  });
  // Before the payloads, which may take the buffers of the result.
  const values = withValues ? asItLies(dequantize(quantized, spec), spec) : null;
  return { ...quantizedPart(part, quantized), values, note: note ?? unseen };
}

/** A part whose quantization is done. */
export function quantizedPart(part: PlannedPart, quantized: Quantized): StoredPart {
  assert(part.choice.kind === 'quantized', 'a part that is quantized');
  const payloads = keyed(part, payloadsOf(part.choice, part, quantized));
  return { payloads, errors: quantized.errors, values: null, note: null };
}

/** From [N, K] to the order in which the weight is stored. */
function asItLies(
  values: Float32Array<ArrayBuffer>,
  { K, N, transposed }: QuantizeSpec,
): Float32Array<ArrayBuffer> {
  if (transposed) return values;
  const turned = new Float32Array(values.length);
  for (let n = 0, from = 0; n < N; n++) {
    for (let k = 0; k < K; k++, from++) turned[k * N + n] = values[from] as number;
  }
  return turned;
}

function keyed({ tensors, choice }: PlannedPart, payloads: Payloads): [string, Bytes][] {
  return Object.entries(payloads).map(([role, bytes]) => {
    const spec = tensors[role as keyof Payloads];
    assert(spec && bytes, `${choice.encoding} stores ${role}`);
    return [payloadKey(spec), bytes];
  });
}
