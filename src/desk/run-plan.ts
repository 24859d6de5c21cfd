/** A run's plan, made again from its recipe, to find in its files what belongs to which weight. */
import type { RunOnFile } from '../bridge/protocol.ts';
import type { FoundRank } from '../core/factorize-spec.ts';
import type { Plan } from '../plan/plan.ts';
import { planRecipe } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Session } from './sessions.ts';
import { payloadReader, type ReadPayload } from './stored-weight.ts';

export interface RunPlan {
  readonly runId: string;
  readonly planned: ReadonlyMap<string, PlannedWeight>;
  readonly read: ReadPayload;
}

/** One a model: a person looks at one run at a time. */
const latest = new WeakMap<Session, RunPlan>();

/** A tokenizer may lie beside the model's files. null if the files are not what this version of the studio would write for the recipe. */
export function planOfRun(session: Session, run: RunOnFile): RunPlan | null {
  const held = latest.get(session);
  if (held?.runId === run.runId) return held;
  const { model, weights } = session;
  const ranks = new Map<string, FoundRank>(weights.map(({ name }) => [name, 0]));
  for (const [name, rank] of run.ranks) ranks.set(name, rank);
  const failed = new Map(run.failed.map((name) => [name, 'failed']));
  const plan = planRecipe(model, weights, run.recipe, { failed, ranks });
  if (!isOf(plan, run)) return null;
  const made = {
    runId: run.runId,
    planned: new Map(plan.planned.map((item) => [item.weight.name, item])),
    read: payloadReader(plan, run.files),
  };
  latest.set(session, made);
  return made;
}

const isOf = ({ layout }: Plan, { files }: RunOnFile): boolean =>
  layout.files.every(({ path, byteLength }) =>
    files.some((file) => file.path === path && file.blob.size === byteLength),
  );
