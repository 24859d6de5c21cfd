/** What a run's file holds of a weight, read from the file and nothing else. */
import { assert } from '../core/assert.ts';
import { elementCount } from '../core/shape.ts';
import { codebookCodes, codebookValues } from '../encoders/codebook-payloads.ts';
import { restoreZeros } from '../encoders/kept-values.ts';
import { type StoredMatrix, storedMatrix } from '../encoders/stored-matrix.ts';
import { partLength } from '../formats/onnx/output-layout.ts';
import { breathe } from '../methods/breathe.ts';
import { readValues } from '../methods/read-values.ts';
import type { SourceDType } from '../methods/weight-source.ts';
import { payloadKey } from '../model/edit.ts';
import { factorsOfParts, fromFactorMatrix } from '../plan/factor-matrix.ts';
import type { Plan } from '../plan/plan.ts';
import type { PartName, PlannedPart, PlannedWeight } from '../plan/planned-weight.ts';

type Values = Float32Array<ArrayBuffer>;

/** Reads a payload of a run's files by what the writer was given it by. */
export type ReadPayload = (key: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface StoredWeight {
  /** In the order of the constant's axes. */
  readonly values: Values;
  /** The matrix, if codes of one stand for the weight; null for floats, codebooks and products. */
  readonly matrix: StoredMatrix | null;
}

const CHANNELS_AT_ONCE = 2 ** 20;

/** Reads payloads from where `layout` has put them. */
export function payloadReader(
  { layout }: Pick<Plan, 'layout'>,
  files: readonly { readonly path: string; readonly blob: Blob }[],
): ReadPayload {
  const places = new Map<string, { blob: Blob; start: number; end: number }>();
  for (const { path, parts } of layout.files) {
    const blob = files.find((file) => file.path === path)?.blob;
    let start = 0;
    for (const part of parts) {
      const end = start + partLength(part);
      if (part.kind === 'payload' && blob) places.set(part.name, { blob, start, end });
      start = end;
    }
  }
  return async (key) => {
    const place = places.get(key);
    assert(place, `the files hold ${key}`);
    return new Uint8Array(await place.blob.slice(place.start, place.end).arrayBuffer());
  };
}

/** @throws the signal's reason when it aborts; what reading the file throws */
export async function readStoredWeight(
  { parts, view, factorize, residual }: PlannedWeight,
  read: ReadPayload,
  signal: AbortSignal,
): Promise<StoredWeight> {
  const part = (name: PartName) => parts.find((it) => it.part === name);
  const [own, a, b] = [part(''), part('A'), part('B')];
  if (!a || !b) {
    assert(own, 'a planned weight has a part');
    return readPart(own, read, signal);
  }
  const rank = (residual?.spec ?? factorize)?.rank;
  assert(rank, 'factors have a rank');
  const split = factorize?.split ?? 'channel';
  const stored = {
    A: (await readPart(a, read, signal)).values,
    B: (await readPart(b, read, signal)).values,
  };
  const { first, second } = factorsOfParts(view, split, stored);
  const lying = await product(first, second, rank, signal);
  const values = fromFactorMatrix(view, split, lying);
  if (own) {
    const quantized = (await readPart(own, read, signal)).values;
    for (let at = 0; at < values.length; at++) {
      values[at] = (values[at] as number) + (quantized[at] as number);
    }
  }
  return { values, matrix: null };
}

async function readPart(
  part: PlannedPart,
  read: ReadPayload,
  signal: AbortSignal,
): Promise<StoredWeight> {
  const { choice, dims, K, N, tensors } = part;
  const payloads: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [role, spec] of Object.entries(tensors)) {
    payloads[role] = await read(payloadKey(spec));
    signal.throwIfAborted();
  }
  if (choice.kind === 'float') {
    const { values: bytes } = restoreZeros(choice, part, payloads);
    assert(bytes, `${choice.encoding} stores values`);
    const dtype = choice.dtype as SourceDType;
    const source = {
      ...{ name: part.part, dims, dtype },
      read: async (start: number, end: number) => bytes.buffer.slice(start, end),
    };
    return { values: await readValues(source, signal), matrix: null };
  }
  if (choice.kind === 'codebook') {
    const stored = codebookCodes(choice, part, payloads);
    return { values: codebookValues(choice, part, stored), matrix: null };
  }
  const matrix = storedMatrix(choice, part, payloads);
  const values = new Float32Array(elementCount(dims));
  const { places } = matrix;
  const row = new Float32Array(K);
  const pause = Math.max(1, Math.floor(CHANNELS_AT_ONCE / K));
  for (let channel = 0; channel < N; channel++) {
    matrix.channel(channel, row);
    const start = places.start(channel);
    for (let k = 0; k < K; k++) values[start + (places.of[k] as number)] = row[k] as number;
    if (channel % pause === pause - 1) await breathe(signal);
  }
  return { values, matrix };
}

/** [rows, rank] · [rank, columns]. */
async function product(
  left: Values,
  right: Values,
  rank: number,
  signal: AbortSignal,
): Promise<Values> {
  const [rows, columns] = [left.length / rank, right.length / rank];
  const result = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  const pause = Math.max(1, Math.floor(2 ** 25 / (rank * columns)));
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = left[i * rank + k] as number;
      const from = k * columns;
      for (let j = 0; j < columns; j++) {
        sums[j] = (sums[j] as number) + factor * (right[from + j] as number);
      }
    }
    result.set(sums, i * columns);
    if (i % pause === pause - 1) await breathe(signal);
  }
  return result;
}

/** Multiplications of two factors; 0 for a weight that has none. */
export const productCost = ({ view, factorize, residual, parts }: PlannedWeight): number =>
  parts.length > 1 ? view.K * view.N * ((residual?.spec ?? factorize)?.rank ?? 0) : 0;
