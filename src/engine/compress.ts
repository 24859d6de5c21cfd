/**
 * The compressing job: plan, find what depends on values, take weight by weight through its stages,
 * and write what was planned. What is finished survives a cancel, a lost device and the tab.
 */
import type { Compressed, CompressProgress } from '../bridge/compress-calls.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { dropsBlocks } from '../plan/blocks/choose-blocks.ts';
import { inStepOrder } from '../plan/describe-weight.ts';
import { needsOf } from '../plan/needed-statistics.ts';
import { type Plan, planRecipe } from '../plan/plan.ts';
import { vocabularyStep } from '../plan/vocabulary/trim-vocabulary.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { analyse } from './analyse.ts';
import { Calibration } from './calibration.ts';
import { beginJob, type Job, type JobContext } from './compress-job.ts';
import { compressWeights } from './compress-weights.ts';
import { droppedOpen } from './dropped-open.ts';
import type { FinishedWork } from './finished-work.ts';
import { findInputScales, scalingPayloads } from './input-scales.ts';
import type { OpenModel } from './models.ts';
import { planAndReshape } from './plan-and-reshape.ts';
import { findStaticGrids, gridPayloads } from './static-ranges.ts';
import { trimmedOpen } from './trimmed-open.ts';
import { leftAloneRow } from './weight-rows.ts';

const LOST = 'The GPU was lost once during the run; what it was at was done again.';

/** Begun; what it counts is told where there is something to count. */
const RESHAPING: CompressProgress = {
  ...{ stage: 'reshape', done: 0, total: 1, current: '', elapsedMs: 0, remainingMs: null },
  finished: [],
};

/**
 * @throws no-webgpu; device-lost the second time; gpu-failed, out-of-memory, too-large; the signal's
 *   reason when it aborts
 */
export async function compress(
  original: OpenModel,
  recipe: Recipe,
  context: JobContext,
): Promise<Compressed> {
  if (vocabularyStep(recipe) !== null || dropsBlocks(recipe)) context.progress(RESHAPING);
  const { open, beside, warnings, shown } = await trimmedOpen(original, recipe);
  const dropped = await droppedOpen(beginJob(open, recipe, context));
  const { job } = dropped;
  const { signal, work, clock, computing, failed } = job;
  const gone = dropped.rows.map(({ name }) => name);
  const follow = (plan: Plan) =>
    context.onPlan?.({ plan, work, failed: [...failed.keys()], dropped: gone });
  const { plan, kept } = await computed(job, follow).finally(() => work.settled());
  await work.kept();
  signal.throwIfAborted();
  const payloads = new Map<string, Blob | Uint8Array<ArrayBuffer>>([...kept, ...work.payloads]);
  const files = writeOnnx(job.open.model, plan.layout, payloads);
  clock.lap('write');
  const devices = [...work.devices];
  return {
    files: [...files, ...beside],
    byteLength: plan.byteLength,
    weights: shown([...rowsOf(plan, work, failed), ...dropped.rows]),
    phases: clock.phases,
    device: devices.length > 0 ? devices.join(', ') : 'nothing was computed',
    software: computing.software,
    warnings: [
      ...warnings,
      ...dropped.warnings,
      ...new Set(plan.warnings.map(({ message }) => message)),
      ...(computing.wasLost ? [LOST] : []),
    ],
    forecasts: plan.warnings.flatMap(({ message, forecast }) =>
      forecast ? [{ message, backend: forecast }] : [],
    ),
    partial: failed.size > 0,
    peakBufferBytes: null, // its owner knows the device
  };
}

/** Does all weights; gives the plan of those that did not fail. */
async function computed(
  original: Job,
  follow: (plan: Plan) => void,
): Promise<{
  readonly plan: Plan;
  /** Payloads of constants that only reshaping changes. */
  readonly kept: ReadonlyMap<string, Blob>;
}> {
  const { model, weights } = original.open;
  const { recipe, failed } = original;
  const planned = await planAndReshape(original);
  const { job, cutDims } = planned;
  let { plan } = planned;
  const inOrder = { ...plan, planned: inStepOrder(plan.planned) };
  const calibration = new Calibration(job.open, needsOf(inOrder), job.calibrator);
  const { selections, ranks } = await analyse(job, plan, calibration);
  const planAgain = () => planRecipe(model, weights, recipe, { failed, ranks, cutDims });
  if (ranks.size > 0 || failed.size > 0) plan = planAgain();
  for (;;) {
    const failedBefore = failed.size;
    const scales = await findInputScales(job, plan, calibration);
    const grids = await findStaticGrids(job, plan, scales);
    if (failed.size > failedBefore) {
      plan = planAgain(); // nothing is known of what it would round
      continue;
    }
    follow(plan);
    await compressWeights(job, plan, selections, calibration, scales);
    // A weight that failed stays as it was, so the layout is planned anew without it.
    const hasFailed = failed.size > failedBefore;
    if (hasFailed) plan = planAgain();
    // What depends on it is found again: scales that others shared with it, grids around it.
    if (hasFailed && (scales.size > 0 || grids.size > 0)) continue;
    const found = [await scalingPayloads(job, plan, scales), await gridPayloads(job, plan, grids)];
    for (const payloads of found) {
      for (const [key, bytes] of payloads) job.work.payloads.set(key, bytes);
    }
    return { plan, kept: planned.kept };
  }
}

/** Compressed weights first, then those left alone: by plan, or because they failed. */
function rowsOf({ planned, leftAlone }: Plan, { rows }: FinishedWork, failed: Job['failed']) {
  return [
    ...planned.flatMap(({ weight }) => rows.get(weight.name) ?? []),
    ...leftAlone.map((item) => leftAloneRow(item, failed.has(item.weight.name))),
  ];
}
