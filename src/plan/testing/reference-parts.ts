/** What the CPU reference makes of a planned weight, part by part. */
import { assert } from '../../core/assert.ts';
import { float16Bits, float16Value } from '../../core/float16.ts';
import { permute } from '../../core/permute.ts';
import type { Quantized, QuantizeSpec } from '../../core/quantize-spec.ts';
import { codebookPayloads, codebookValues } from '../../encoders/codebook-payloads.ts';
import type { Payloads } from '../../encoders/encoder.ts';
import { floatPayloads, payloadsOf } from '../../encoders/payloads.ts';
import { CpuBlocks } from '../../methods/cpu-blocks.ts';
import { fitCodebook } from '../../methods/fit-codebook.ts';
import { quantizeBlocks } from '../../methods/quantize-blocks.ts';
import { memorySource } from '../../methods/read-values.ts';
import { dequantize } from '../../reference/dequantize.ts';
import { quantize } from '../../reference/quantize.ts';
import { svd } from '../../reference/svd.ts';
import {
  asFactorMatrix,
  factorMatrix,
  factorsOfParts,
  fromFactorMatrix,
  partsOfFactors,
} from '../factor-matrix.ts';
import type { PartName, PlannedPart, PlannedWeight } from '../planned-weight.ts';

type Values = Float32Array<ArrayBuffer>;

export interface ReferencePart {
  readonly part: PlannedPart;
  readonly payloads: Payloads;
  /** What they stand for, in the order of the part's axes. */
  readonly restored: Values;
}

/** @param values of the weight, pruned, in the order of its axes */
export async function referenceParts(
  item: PlannedWeight,
  values: Values,
): Promise<readonly ReferencePart[]> {
  const { factorize, residual } = item;
  const whole = partOf(item, '');
  const own = whole ? [{ part: whole, ...(await encoded(whole, values)) }] : [];
  const rank = (residual?.spec ?? factorize)?.rank;
  const [a, b] = [partOf(item, 'A'), partOf(item, 'B')];
  if (!a || !b || rank === undefined) return own;
  const stored = own[0]?.restored;
  const rest = values.map((value, at) => value - (stored?.[at] ?? 0));
  const [first, second] = factorsOf(item, rest, rank);
  return [
    ...own,
    { part: a, ...(await encoded(a, first)) },
    { part: b, ...(await encoded(b, second)) },
  ];
}

const partOf = ({ parts }: PlannedWeight, name: PartName): PlannedPart | undefined =>
  parts.find(({ part }) => part === name);

/** The weight that the parts stand for, in the order of its axes. */
export function restoredWeight(
  { view, factorize }: PlannedWeight,
  parts: readonly ReferencePart[],
): Values {
  const named = (name: PartName) => parts.find(({ part }) => part.part === name)?.restored;
  const [own, A, B] = [named(''), named('A'), named('B')];
  if (!A || !B) {
    assert(own, 'a planned weight has a part');
    return own;
  }
  const split = factorize?.split ?? 'channel';
  const { rows, columns } = factorMatrix(view, split);
  const { first, second } = factorsOfParts(view, split, { A, B });
  const rank = first.length / rows;
  const product = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < rank; k++) {
      const factor = first[i * rank + k] ?? 0;
      for (let j = 0; j < columns; j++) {
        const at = i * columns + j;
        product[at] = (product[at] ?? 0) + factor * (second[k * columns + j] ?? 0);
      }
    }
  }
  const values = fromFactorMatrix(view, split, product);
  return own ? values.map((value, at) => value + (own[at] ?? 0)) : values;
}

/** A and B of a weight, in the order of their own axes. */
function factorsOf(
  { view, factorize }: PlannedWeight,
  values: Values,
  rank: number,
): readonly [Values, Values] {
  const split = factorize?.split ?? 'channel';
  const { rows, columns } = factorMatrix(view, split);
  const { u, s, vt } = svd(asFactorMatrix(view, split, values), rows, columns);
  const width = Math.min(rows, columns);
  const root = (k: number) => Math.sqrt(s[k] ?? 0);
  const first = Float32Array.from(
    { length: rows * rank },
    (_, i) => (u[Math.floor(i / rank) * width + (i % rank)] ?? 0) * root(i % rank),
  );
  const second = Float32Array.from(
    { length: rank * columns },
    (_, i) => (vt[i] ?? 0) * root(Math.floor(i / columns)),
  );
  const { A, B } = partsOfFactors(view, split, first, second);
  return [A, B];
}

async function encoded(part: PlannedPart, values: Values): Promise<Omit<ReferencePart, 'part'>> {
  const { choice, K, N, transposed, dims, perm } = part;
  if (choice.kind === 'float') {
    const isHalf = choice.dtype === 'float16';
    const restored = isHalf ? values.map((value) => float16Value(float16Bits(value))) : values;
    return { payloads: floatPayloads(choice, part, floatBytes(values, choice.dtype)), restored };
  }
  if (choice.kind === 'codebook') {
    const { signal } = new AbortController();
    const fitted = await fitCodebook(part.part, values, choice, part, CPU, signal);
    const restored = codebookValues(choice, part, fitted);
    return { payloads: codebookPayloads(choice, part, fitted), restored };
  }
  const spec = { ...choice, K, N, transposed };
  const own = perm ? permute(values, dims, perm) : values;
  const quantized = await quantizedBy(part.method, own, spec);
  const rows = dequantize(quantized, spec);
  const lying = transposed ? rows : permute(rows, [N, K], [1, 0]);
  const restored = perm ? unpermuted(lying, dims, perm) : lying;
  return { payloads: payloadsOf(choice, part, quantized), restored };
}

const CPU = { blocks: new CpuBlocks() };

/** By the methods that need no calibration; as plain rounding for those that do. */
async function quantizedBy(
  method: PlannedPart['method'],
  values: Values,
  spec: QuantizeSpec,
): Promise<Quantized> {
  if (method?.kind !== 'hqq' && method?.kind !== 'k-quant') return quantize(values, spec);
  const source = memorySource('W', values, [values.length]);
  const { signal } = new AbortController();
  return (await quantizeBlocks(method.kind, source, spec, CPU, signal)).quantized;
}

function unpermuted(lying: Values, dims: readonly number[], perm: readonly number[]): Values {
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  return permute(
    lying,
    perm.map((axis) => dims[axis] ?? 1),
    inverse,
  );
}

export function floatBytes(values: Values, dtype: string): Uint8Array<ArrayBuffer> {
  if (dtype === 'float32') return new Uint8Array(values.slice().buffer);
  if (dtype === 'float64') return new Uint8Array(Float64Array.from(values).buffer);
  assert(dtype === 'float16', `${dtype} is not stored here`);
  return new Uint8Array(Uint16Array.from(values, float16Bits).buffer);
}
