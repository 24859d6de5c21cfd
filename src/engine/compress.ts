/** The compressing job: plan, quantize weight by weight on the GPU, and write what was planned. */
import type { Compressed, CompressProgress } from '../bridge/protocol.ts';
import { assert } from '../core/assert.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { payloadsOf } from '../encoders/payloads.ts';
import { readTensor, readTensorRange } from '../formats/onnx/read-tensor.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import type { QuantizeOutcome } from '../methods/quantize-job.ts';
import type { RtnPipeline } from '../methods/rtn.ts';
import type { SourceDType, WeightSource } from '../methods/weight-source.ts';
import type { Model, Tensor } from '../model/model.ts';
import type { PlannedWeight } from '../plan/build-edit.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Phase, WeightRow } from '../report/report.ts';
import type { OpenModel } from './models.ts';
import { compressedRow, leftAloneRow } from './weight-rows.ts';

export interface CompressContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: CompressProgress) => void;
  readonly rtn: RtnPipeline;
  readonly device: { readonly name: string; readonly software: boolean };
}

type Payloads = Map<string, Uint8Array<ArrayBuffer>>;

/** @throws device-lost, gpu-failed, out-of-memory, too-large; the signal's reason when it aborts */
export async function compress(
  { model, weights }: OpenModel,
  recipe: Recipe,
  { signal, progress, rtn, device }: CompressContext,
): Promise<Compressed> {
  const clock = new Clock();
  const plan = planRecipe(model, weights, recipe);
  clock.lap('plan');
  const jobs = plan.planned.map((item) => ({
    source: sourceOf(model, item.weight.tensor),
    spec: specOf(item),
  }));
  await rtn.prepare(jobs.map(({ spec }) => spec));
  clock.lap('compile');

  const payloads: Payloads = new Map();
  const rows = new Map<string, WeightRow>();
  const failed = new Map<string, string>();
  const report = new Reporter(plan.planned, progress);
  report.tell([]);
  const settle = (index: number, outcome: QuantizeOutcome) => {
    const item = plan.planned[index];
    assert(item, 'every job has its weight');
    const { weight } = item;
    if (outcome.failure) failed.set(weight.name, outcome.failure.message);
    else keepPayloads(item, outcome.quantized, payloads);
    const row = outcome.failure
      ? leftAloneRow({ weight, reason: outcome.failure.message }, true)
      : compressedRow(item, outcome.quantized.errors, recipe);
    rows.set(weight.name, row);
    report.settled(index, row);
  };
  await rtn.run(jobs, { signal, onOutcome: settle });
  clock.lap('compress');

  // A weight that failed stays as it was, so the layout is planned anew without it.
  const final = failed.size === 0 ? plan : planRecipe(model, weights, recipe, failed);
  const files = writeOnnx(model, final.layout, payloads);
  clock.lap('write');
  const leftAlone = plan.leftAlone.map((item) => leftAloneRow(item, false));
  return {
    files,
    byteLength: final.byteLength,
    weights: [...rows.values(), ...leftAlone],
    phases: clock.phases,
    device: device.name,
    software: device.software,
    warnings: plan.warnings.map(({ message }) => message),
    partial: failed.size > 0,
  };
}

export const specOf = ({ choice, view: { K, N, transposed } }: PlannedWeight): QuantizeSpec => ({
  ...choice,
  ...{ K, N, transposed },
});

function sourceOf(model: Model, tensor: Tensor): WeightSource {
  const { name, dims, payload } = tensor;
  let whole: Promise<ArrayBuffer> | null = null;
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    if (payload.kind === 'raw') return (await readTensorRange(model, tensor, start, end)).buffer;
    // Typed fields have no fixed element length: decoded once, then cut.
    whole ??= readTensor(model, tensor).then(({ buffer }) => buffer);
    return (await whole).slice(start, end);
  };
  return { name, dtype: tensor.dtype as SourceDType, dims, read };
}

function keepPayloads(
  { choice, view, tensors }: PlannedWeight,
  quantized: Parameters<typeof payloadsOf>[3],
  payloads: Payloads,
): void {
  const bytes = payloadsOf(choice, view.K, view.N, quantized);
  for (const role of Object.keys(bytes) as (keyof typeof bytes)[]) {
    const spec = tensors[role];
    const payload = bytes[role];
    assert(spec && payload, `${choice.encoding} stores ${role}`);
    payloads.set(spec.name, payload);
  }
}

class Clock {
  readonly phases: Phase[] = [];
  #last = performance.now();

  lap(name: string): void {
    const now = performance.now();
    this.phases.push({ name, durationMs: now - this.#last });
    this.#last = now;
  }
}

/** Progress by weight; the time left goes by the elements that are done. */
class Reporter {
  readonly #planned: readonly PlannedWeight[];
  readonly #progress: (progress: CompressProgress) => void;
  readonly #start = performance.now();
  readonly #totalElements: number;
  #doneElements = 0;
  #done = 0;

  constructor(planned: readonly PlannedWeight[], progress: (progress: CompressProgress) => void) {
    this.#planned = planned;
    this.#progress = progress;
    this.#totalElements = planned.reduce((sum, { view: { K, N } }) => sum + K * N, 0);
  }

  settled(index: number, row: WeightRow): void {
    const view = this.#planned[index]?.view;
    this.#doneElements += view ? view.K * view.N : 0;
    this.#done += 1;
    this.tell([row]);
  }

  tell(finished: readonly WeightRow[]): void {
    const next = this.#planned[Math.min(this.#done, this.#planned.length - 1)];
    const elapsedMs = performance.now() - this.#start;
    const share = this.#doneElements / this.#totalElements;
    this.#progress({
      stage: 'compress',
      step: next?.stepIndex ?? 0,
      done: this.#done,
      total: this.#planned.length,
      current: next?.weight.label ?? '',
      elapsedMs,
      remainingMs: share > 0 ? (elapsedMs / share) * (1 - share) : null,
      finished,
    });
  }
}
