/**
 * The part of a compression that a plan waits for, by itself: what it finds makes the plan exact, and
 * is kept for the compression of the same job.
 */
import type { Analysed } from '../bridge/compress-calls.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { analyse } from './analyse.ts';
import { Calibration } from './calibration.ts';
import { beginJob, type JobContext } from './compress-job.ts';
import type { OpenModel } from './models.ts';

/** @throws as `compress` */
export async function analyseRecipe(
  open: OpenModel,
  recipe: Recipe,
  context: JobContext,
): Promise<Analysed> {
  const job = beginJob(open, recipe, context);
  const { work, failed, signal } = job;
  const plan = planRecipe(open.model, open.weights, recipe);
  const { ranks } = await analyse(
    job,
    plan,
    new Calibration(job.open, plan, job.calibrator),
  ).finally(() => work.settled());
  await work.kept();
  signal.throwIfAborted();
  return { ranks: [...ranks], failed: [...failed] };
}
