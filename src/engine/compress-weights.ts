/** Takes the weights of a plan through their stages, step by step. */
import { assert } from '../core/assert.ts';
import type { StudioError } from '../core/studio-error.ts';
import type { Executor } from '../methods/executor.ts';
import type { Selection } from '../methods/magnitude.ts';
import { isOfOneWeight } from '../methods/quantize-job.ts';
import { inStepOrder } from '../plan/describe-weight.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedPart, PlannedWeight } from '../plan/planned-weight.ts';
import { calibrated } from './calibrating.ts';
import type { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { COMPRESSING, CompressReporter } from './compress-progress.ts';
import { compressWeight, streamedPart, streamJob } from './compress-weight.ts';
import { quantizedPart, specOf } from './store-part.ts';
import type { CompressedWeight, WeightContext } from './weight-context.ts';
import { compressedRow, leftAloneRow } from './weight-rows.ts';
import { type InputScales, scalingOf } from './weight-scaling.ts';

interface Streamed {
  readonly item: PlannedWeight;
  readonly part: PlannedPart;
}

/**
 * Adds what each weight comes to to the job's work, or the weight to those that failed.
 * @throws as `compress`
 */
export async function compressWeights(
  job: Job,
  plan: Plan,
  selections: ReadonlyMap<string, Selection>,
  calibration: Calibration,
  scales: InputScales,
): Promise<void> {
  const { work, computing, signal, clock } = job;
  const planned = inStepOrder(plan.planned);
  const reporter = new CompressReporter(COMPRESSING, planned, job.progress);
  const left: PlannedWeight[] = [];
  for (const item of planned) {
    signal.throwIfAborted();
    const row = await work.restore(item);
    if (row) reporter.restored(item, row);
    else left.push(item);
  }
  if (left.length > 0) {
    const specs = left.flatMap((item) => {
      const part = streamedPart(item);
      return part ? [specOf(part)] : [];
    });
    await computing.on((executor) => executor.prepare(specs));
    clock.lap('compile');
  }

  const run: Streamed[] = [];
  for (const item of left) {
    const part = streamedPart(item);
    if (part) {
      run.push({ item, part });
      continue;
    }
    await stream(job, run.splice(0), reporter);
    const selection = selections.get(item.weight.name) ?? null;
    const inputs = await calibrated(job, calibration, item, {
      working: 'compress',
      shows: reporter,
    });
    const scaling = scalingOf(item, scales);
    await one(job, item, { selection, calibrated: inputs, scaling }, reporter);
  }
  await stream(job, run, reporter);
  clock.lap('compress');
}

/** Weights one behind the other, so that reading and computing overlap. */
async function stream(
  job: Job,
  run: readonly Streamed[],
  reporter: CompressReporter,
): Promise<void> {
  let settled = 0;
  if (run.length === 0) return;
  await job.computing.on((executor) => {
    const rest = run.slice(settled);
    const jobs = rest.map(({ item, part }) => streamJob(job.open.model, item, part));
    const at = (index: number): Streamed => {
      const streamed = rest[index];
      assert(streamed, 'every job has its weight');
      return streamed;
    };
    return executor.quantize(jobs, {
      signal: job.signal,
      onProgress: (index, share) => reporter.within(at(index).item, share),
      onOutcome: async (index, { quantized, failure }) => {
        const { item, part } = at(index);
        if (failure) fail(job, item, failure, reporter);
        else {
          const { payloads, errors } = quantizedPart(part, quantized);
          const compressed = { payloads: new Map(payloads), errors, note: null };
          await finish(job, item, compressed, executor, reporter);
        }
        settled += 1;
      },
    });
  });
}

async function one(
  job: Job,
  item: PlannedWeight,
  found: Pick<WeightContext, 'selection' | 'calibrated' | 'scaling'>,
  reporter: CompressReporter,
): Promise<void> {
  const { open, recipe, computing, work, signal } = job;
  signal.throwIfAborted();
  const factors = await work.factors(item.weight.name);
  try {
    await computing.on(async (executor) => {
      const context = { ...found, executor, factors, signal, seed: recipe.seed };
      const compressed = await compressWeight(item, { ...context, model: open.model });
      await finish(job, item, compressed, executor, reporter);
    });
  } catch (error) {
    if (!isOfOneWeight(error)) throw error;
    fail(job, item, error, reporter);
  }
}

async function finish(
  { work, recipe, notes }: Job,
  item: PlannedWeight,
  compressed: CompressedWeight,
  executor: Executor,
  reporter: CompressReporter,
): Promise<void> {
  const said = [notes.get(item.weight.name), ...item.undone, compressed.note].filter(
    (note) => note,
  );
  const note = said.length > 0 ? said.join('. ') : null;
  const row = compressedRow(item, { ...compressed, note }, recipe);
  await work.add(compressed, row, executor.name);
  reporter.settled(item, row);
}

function fail(
  { failed }: Job,
  item: PlannedWeight,
  { message }: StudioError,
  reporter: CompressReporter,
): void {
  const { weight } = item;
  failed.set(weight.name, message);
  reporter.settled(item, leftAloneRow({ weight, reason: message }, true));
}
