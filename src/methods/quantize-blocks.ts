/** HQQ and k-quants: the scale and zero point of each block from its values alone. */
import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { type HqqSpec, hqqSteps } from '../reference/hqq.ts';
import { hqqBlock } from '../reference/hqq-block.ts';
import { type BlockSolver, blocksOf, SolvedBlocks } from '../reference/integer-blocks.ts';
import { kQuantBlock } from '../reference/k-quant.ts';
import { breathe } from './breathe.ts';
import { failureOf } from './quantize-job.ts';
import { readValues } from './read-values.ts';
import type { QuantizedBy } from './round-to-nearest.ts';
import type { WeightSource } from './weight-source.ts';

/** Between breaths. */
const PAUSE_MS = 20;

/** @throws unsupported-model by name for what cannot be stored; the signal's reason when it aborts */
export async function quantizeBlocks(
  kind: 'hqq' | 'k-quant',
  source: WeightSource,
  spec: QuantizeSpec,
  signal: AbortSignal,
): Promise<QuantizedBy> {
  const weight = await readRows(source, spec, signal);
  if (!weight.every(Number.isFinite)) {
    const failure = await failureOf({ source, spec }, { nonFiniteBlocks: 1, overflowingScales: 0 });
    if (failure) throw failure;
  }
  const pause = pauses(signal);
  const solve = kind === 'hqq' ? await hqqSolver(weight, spec, pause) : kQuants(spec);
  const solved = new SolvedBlocks(spec);
  for (const block of blocksOf(weight, spec)) {
    solved.add(block, solve);
    await pause();
  }
  const { count, infiniteScales } = solved;
  const faults = { nonFiniteBlocks: 0, overflowingScales: infiniteScales };
  const failure = await failureOf({ source, spec }, faults);
  if (failure) throw failure;
  const plain = count - solved.solved;
  const share = Math.max(1, Math.round((100 * plain) / count));
  const note =
    plain === 0 ? null : `Plain rounding was nearer in ${share} % of its blocks and is kept there`;
  return { quantized: solved.finish(), note };
}

const kQuants =
  ({ bits }: QuantizeSpec): BlockSolver =>
  (values) =>
    kQuantBlock(values, bits);

async function hqqSolver(
  weight: Float32Array,
  spec: QuantizeSpec,
  pause: () => Promise<void>,
): Promise<BlockSolver> {
  const { bits, K } = spec;
  const { blockSize } = quantizedLayout(spec);
  const hqq: HqqSpec = {
    ...{ bits, rowLength: K, groupSize: blockSize, roundZero: bits === 4, variant: 'hqq' },
  };
  const steps = hqqSteps(weight, hqq);
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      const { steps: sizes, zeros } = value;
      return (values, block) =>
        hqqBlock(values, bits, { step: sizes[block] ?? 1, zero: zeros[block] ?? 0 });
    }
    await pause();
  }
}

/** The weight as float32 [N, K]. */
async function readRows(
  source: WeightSource,
  { K, N, transposed }: QuantizeSpec,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await readValues(source, signal);
  if (transposed) return values;
  const rows = new Float32Array(values.length);
  for (let k = 0, from = 0; k < K; k++) {
    for (let n = 0; n < N; n++, from++) rows[n * K + k] = values[from] as number;
  }
  return rows;
}

function pauses(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE_MS) return;
    await breathe(signal);
    last = performance.now();
  };
}
