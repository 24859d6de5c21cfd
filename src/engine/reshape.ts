/** Cuts units out of an opened model before its weights are compressed, and refits what they fed. */
import { allFinite } from '../core/all-finite.ts';
import { assert } from '../core/assert.ts';
import { REFIT_DAMPING } from '../core/cut-spec.ts';
import { bitsPerElement } from '../core/dtype.ts';
import { float16Bits } from '../core/float16.ts';
import { elementCount } from '../core/shape.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { readTensor } from '../formats/onnx/read-tensor.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { breathe } from '../methods/breathe.ts';
import { cutTensor } from '../methods/cut-tensor.ts';
import { EMPTY_EDIT } from '../model/edit.ts';
import type { Tensor } from '../model/model.ts';
import { biasOf } from '../plan/structure/bias-of.ts';
import { reshapeSteps } from '../plan/structure/choose-cuts.ts';
import { withStructure } from '../plan/structure/join-edits.ts';
import type { CutTensor, Structure } from '../plan/structure/structure.ts';
import { refit } from '../reference/refit.ts';
import type { Job } from './compress-job.ts';
import { chooseKept, type KeptUnits } from './cut-kept.ts';
import { asMatrix, type Judging, type TakerWeight } from './judge-units.ts';
import type { OpenModel } from './models.ts';
import { cutWork, ReshapeProgress } from './reshape-progress.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Reshaped {
  /** The reshaped model, which reads and runs like any other. */
  readonly open: OpenModel;
  /** Of cut tensors, by what the writer asks for them by where no other step stores them. */
  readonly payloads: ReadonlyMap<string, Blob>;
  /** By weight, what a person should know. */
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * - `judging` — begun by whoever judged units of `structure` before
 * @throws runtime-failed; the signal's reason when it aborts
 */
export async function reshape(
  job: Job,
  structure: Structure,
  judging: Pick<Judging, 'progress' | 'orders'> = judgingOf(job, structure),
): Promise<Reshaped> {
  const { open, recipe, signal, clock } = job;
  const { progress } = judging;
  const kept = await chooseKept(job, structure, judging);
  const made = new Map<string, Bytes>();
  const notes = new Map(kept.notes);
  for (const [tensor, taker] of kept.refits) {
    await breathe(signal);
    const note = await refitted(open, structure, tensor, taker, kept, made);
    const { name, label, tensor: whole } = taker.weight;
    const cut = structure.cuts.find(({ group }) => group.takers.some((it) => it.tensor === tensor));
    progress.finish(cut ? cutWork(cut, whole.dims, taker.use.axis).refitting : 0, label);
    const said = notes.get(name);
    if (note !== null) notes.set(name, said === undefined ? note : `${said}. ${note}`);
  }
  const payloads = new Map<string, Blob>();
  for (const [name, cut] of structure.tensors) {
    signal.throwIfAborted();
    const whole = made.get(name) ?? (await readTensor(open.model, cut.tensor));
    const { tensor, axes, spec } = cut;
    const width = bitsPerElement(tensor.dtype) / 8;
    const indices = new Map(
      axes.flatMap(({ axis, tied }) => {
        // A refitted weight has lost its inputs already.
        const length = tensor.dims[axis] ?? 0;
        const isDone = made.has(name) && axis === kept.refits.get(name)?.use.axis;
        return isDone ? [] : [[axis, staying(length, kept.removed.get(tied))] as const];
      }),
    );
    const shape = tensor.dims.map((dim, axis) => {
      const isDone = made.has(name) && axis === kept.refits.get(name)?.use.axis;
      return isDone ? (cut.dims[axis] ?? dim) : dim;
    });
    payloads.set(spec.key ?? name, new Blob([cutTensor(whole, shape, width, indices)]));
  }
  const edit = withStructure(EMPTY_EDIT, structure);
  const files = writeOnnx(open.model, layoutOnnx(open.model, edit), payloads);
  const runnable = await openOnnx(files, signal);
  clock.lap('reshape');
  const cut = { path: `${open.model.name}.cut`, blob: new Blob([...payloads.values()]) };
  const model = { ...structure.model, files: [...open.model.files, cut] };
  const widths = structure.cuts.map(({ kept }) => kept);
  const variant = JSON.stringify([open.variant ?? '', reshapeSteps(recipe), widths]);
  const { weights } = structure;
  return { open: { ...open, model, weights, variant, runnable }, payloads, notes };
}

export const judgingOf = ({ open, progress }: Job, structure: Structure) => ({
  progress: new ReshapeProgress(structure, open.model.graph, progress),
  orders: new Map(),
});

/** The rest of a job, on the reshaped model. */
export const reshapedJob = (job: Job, { open, notes }: Reshaped): Job => ({ ...job, open, notes });

const staying = (length: number, gone: ReadonlySet<number> | undefined): readonly number[] =>
  Array.from({ length }, (_, index) => index).filter((index) => !gone?.has(index));

/** Puts the refitted weight, its inputs cut, and its bias into `made`; says why if it does not. */
async function refitted(
  { model }: OpenModel,
  { tensors }: Structure,
  name: string,
  { weight, use, statistics, reason }: TakerWeight,
  { removed }: KeptUnits,
  made: Map<string, Bytes>,
): Promise<string | null> {
  const cut = tensors.get(name);
  assert(cut, `${name} is cut`);
  const { tensor } = weight;
  if (!statistics?.gram)
    return `Cut and not refitted: ${reason ?? 'nothing is known of its inputs'}`;
  if (!allFinite(statistics.gram)) return 'Cut and not refitted: its inputs are not finite';
  if (!isWritten(tensor)) return `Cut and not refitted: ${tensor.dtype} values`;
  const { weights, N, K } = asMatrix(await readFloat32(model, tensor), tensor.dims, use.axis);
  const taps = elementCount(tensor.dims.slice(2));
  const inputs = staying(tensor.dims[use.axis] ?? 0, removed.get(use.tied));
  const kept = inputs.flatMap((index) =>
    Array.from({ length: taps }, (_, tap) => index * taps + tap),
  );
  const bias = biasOf(model.graph, use);
  const cutBias = bias === null ? undefined : tensors.get(bias);
  const hasBias = cutBias !== undefined && isWritten(cutBias.tensor);
  const fit = { hasBias, damping: REFIT_DAMPING };
  const result = refit(weights, N, kept, { ...statistics, K }, fit);
  if (!allFinite(result.weights)) return 'Cut and not refitted: no finite solution';
  made.set(name, bytesOf(asItLay(result.weights, N, kept.length, taps, use.axis), tensor.dtype));
  if (hasBias && bias !== null && result.shift) {
    const { shift } = result;
    const values = await readFloat32(model, cutBias.tensor);
    const moved = values.map((value, n) => value + (shift[n] ?? 0));
    made.set(bias, bytesOf(moved, cutBias.tensor.dtype));
  }
  return statistics.count < kept.length
    ? `Refitted on ${statistics.count} input vectors for ${kept.length} inputs: more calibration rows would steady it`
    : null;
}

const isWritten = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'float16';

const bytesOf = (values: Float32Array<ArrayBuffer>, dtype: CutTensor['tensor']['dtype']): Bytes =>
  dtype === 'float32'
    ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    : new Uint8Array(Uint16Array.from(values, float16Bits).buffer);

/** From [N, K] back to the order of the tensor. */
function asItLay(
  weights: Float32Array<ArrayBuffer>,
  N: number,
  K: number,
  taps: number,
  inputAxis: number,
): Float32Array<ArrayBuffer> {
  if (inputAxis === 1) return weights;
  const inputs = K / taps;
  const turned = new Float32Array(weights.length);
  for (let k = 0, to = 0; k < inputs; k++) {
    for (let n = 0; n < N; n++) {
      for (let tap = 0; tap < taps; tap++, to++) {
        turned[to] = weights[n * K + k * taps + tap] as number;
      }
    }
  }
  return turned;
}
