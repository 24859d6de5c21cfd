/** The plan of a job whose steps may cut units, and what the rest of the job acts on. */
import { type Plan, planRecipe } from '../plan/plan.ts';
import type { CutDims } from '../plan/structure/cut-dims.ts';
import type { Job } from './compress-job.ts';
import { reshape, reshapedJob } from './reshape.ts';
import { shareUnits } from './share-units.ts';

export interface PlannedJob {
  readonly plan: Plan;
  /** On the reshaped model. */
  readonly job: Job;
  /** What data decided of the plan. */
  readonly cutDims: CutDims;
  /** Payloads of constants that only reshaping changes. */
  readonly kept: ReadonlyMap<string, Blob>;
}

/** @throws runtime-failed; the signal's reason when it aborts */
export async function planAndReshape(original: Job): Promise<PlannedJob> {
  const { open, recipe, clock } = original;
  const first = planRecipe(open.model, open.weights, recipe);
  clock.lap('plan');
  const shared = await shareUnits(original, first);
  const cutDims: CutDims = shared?.cutDims ?? new Map();
  const plan = shared ? planRecipe(open.model, open.weights, recipe, { cutDims }) : first;
  if (!plan.structure) return { plan, job: original, cutDims, kept: new Map() };
  const reshaped = await reshape(original, plan.structure, shared?.judging);
  const notes = joined(shared?.notes ?? new Map(), reshaped.notes);
  const job = reshapedJob(original, { ...reshaped, notes });
  return { plan, job, cutDims, kept: reshaped.payloads };
}

/** Of a weight that both say something of, one after the other. */
const joined = (
  first: ReadonlyMap<string, string>,
  then: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> =>
  new Map(
    [...first, ...then].map(([name]) => {
      const words = [first.get(name), then.get(name)].filter((it) => it !== undefined);
      return [name, words.join('. ')];
    }),
  );
