/** A run's plan, made again from its recipe, to find in what it stored what belongs to which weight. */
import type { RunOnFile } from '../bridge/protocol.ts';
import { layoutBytes } from '../catalog/encoding-layout.ts';
import type { FoundRank } from '../core/factorize-spec.ts';
import { payloadKey } from '../model/edit.ts';
import type { Plan } from '../plan/plan.ts';
import { planRecipe } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Session } from './sessions.ts';
import { payloadReader, type ReadPayload } from './stored-weight.ts';

interface RunPlan {
  readonly key: string;
  readonly plan: Plan;
  readonly planned: ReadonlyMap<string, PlannedWeight>;
}

/** One a model: a person looks at one run at a time. */
const latest = new WeakMap<Session, RunPlan>();

export interface WeightOfRun {
  /** Undefined for a weight that the run left alone. */
  readonly item: PlannedWeight | undefined;
  readonly read: ReadPayload;
}

/**
 * A weight in the run's plan, and what the run stored of it; a tokenizer may lie beside the model's
 * files. null if that is not what this version of the studio would store for the recipe.
 */
export function weightOfRun(session: Session, name: string, run: RunOnFile): WeightOfRun | null {
  // Weights may fail while a run goes on: its plan is another one then.
  const key = run.payloads
    ? JSON.stringify([run.runId, run.failed, run.ranks, run.cutDims])
    : run.runId;
  const held = latest.get(session);
  const { plan, planned } = held?.key === key ? held : planOfRun(session, run, key);
  const item = planned.get(name);
  if (run.payloads) {
    const read = item && ofOneWeight(item, run.payloads);
    return read ? { item, read } : null;
  }
  return isOf(plan, run) ? { item, read: payloadReader(plan, run.files) } : null;
}

function planOfRun(session: Session, run: RunOnFile, key: string): RunPlan {
  const { model, weights } = session;
  const ranks = new Map<string, FoundRank>(weights.map(({ name }) => [name, 0]));
  for (const [name, rank] of run.ranks) ranks.set(name, rank);
  // What the run's rows do not say to be cut kept all of its units.
  const cutDims = new Map([
    ...weights.map(({ name, tensor }) => [name, tensor.dims] as const),
    ...run.cutDims,
  ]);
  const failed = new Map(run.failed.map((name) => [name, 'failed']));
  const plan = planRecipe(model, weights, run.recipe, { failed, ranks, cutDims });
  const planned = new Map(plan.planned.map((item) => [item.weight.name, item]));
  const made = { key, plan, planned };
  latest.set(session, made);
  return made;
}

const isOf = ({ layout }: Plan, { files }: RunOnFile): boolean =>
  layout.files.every(({ path, byteLength }) =>
    files.some((file) => file.path === path && file.blob.size === byteLength),
  );

/** null unless every tensor of the weight is there, as long as it is planned. */
function ofOneWeight(
  { parts }: PlannedWeight,
  payloads: readonly (readonly [string, Blob])[],
): ReadPayload | null {
  const blobs = new Map(payloads);
  const specs = parts.flatMap(({ tensors }) => Object.values(tensors));
  const isWhole = specs.every((spec) => blobs.get(payloadKey(spec))?.size === layoutBytes(spec));
  if (!isWhole) return null;
  return async (key) => new Uint8Array((await blobs.get(key)?.arrayBuffer()) ?? []);
}
