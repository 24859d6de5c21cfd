/**
 * The part of a compression that a plan waits for, by itself: what it finds makes the plan exact, and
 * is kept for the compression of the same job.
 */
import type { Analysed } from '../bridge/compress-calls.ts';
import { needsOf } from '../plan/needed-statistics.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { analyse } from './analyse.ts';
import { Calibration } from './calibration.ts';
import { beginJob, type JobContext } from './compress-job.ts';
import { droppedOpen } from './dropped-open.ts';
import type { OpenModel } from './models.ts';
import { planAndReshape } from './plan-and-reshape.ts';
import { trimmedOpen } from './trimmed-open.ts';

/** @throws as `compress` */
export async function analyseRecipe(
  given: OpenModel,
  recipe: Recipe,
  context: JobContext,
): Promise<Analysed> {
  const trimmed = await trimmedOpen(given, recipe);
  const dropped = await droppedOpen(beginJob(trimmed.open, recipe, context));
  const { job: original, blocks } = dropped;
  const { work, failed, signal } = original;
  const { plan, job, cutDims } = await planAndReshape(original);
  const { ranks } = await analyse(
    job,
    plan,
    new Calibration(job.open, needsOf(plan), job.calibrator),
  ).finally(() => work.settled());
  await work.kept();
  signal.throwIfAborted();
  return { ranks: [...ranks], cutDims: [...cutDims], failed: [...failed], blocks };
}
