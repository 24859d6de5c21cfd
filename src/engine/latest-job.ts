/** What the latest compression has stored so far, for whoever looks at a weight before it is over. */
import type { FinishedWeight } from '../bridge/compress-calls.ts';
import type { FoundRank } from '../core/factorize-spec.ts';
import { payloadKey } from '../model/edit.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { FinishedWork } from './finished-work.ts';

/** A plan that a compression follows, and what comes of it. */
export interface WorkOnPlan {
  readonly plan: Plan;
  readonly work: FinishedWork;
  /** Weights that the plan is without, because they failed before it. */
  readonly failed: readonly string[];
  /** Weights that went with their blocks. */
  readonly dropped: readonly string[];
}

export class LatestJob {
  #jobId: string | null = null;
  #current: WorkOnPlan | null = null;

  /** Another job begins; gives what it tells its plans to, as each replaces the one before. */
  begin(jobId: string): (current: WorkOnPlan) => void {
    this.#jobId = jobId;
    this.#current = null;
    return (current) => {
      if (this.#jobId === jobId) this.#current = current;
    };
  }

  /** Holds nothing of the job any more. */
  end(jobId: string): void {
    if (this.#jobId === jobId) this.release();
  }

  /** The model is closed. */
  release(): void {
    this.#jobId = null;
    this.#current = null;
  }

  /** null for another job, and for a weight that is not finished. */
  weight(jobId: string, name: string): FinishedWeight | null {
    if (this.#jobId !== jobId || !this.#current) return null;
    const { plan, work, failed, dropped } = this.#current;
    const item = plan.planned.find(({ weight }) => weight.name === name);
    if (!item || !work.rows.has(name)) return null;
    const payloads: [string, Blob][] = [];
    for (const spec of item.parts.flatMap(({ tensors }) => Object.values(tensors))) {
      const bytes = work.payloads.get(payloadKey(spec));
      if (!bytes) return null;
      payloads.push([payloadKey(spec), bytes instanceof Blob ? bytes : new Blob([bytes])]);
    }
    const ranks = plan.planned.flatMap(rankOf);
    const cutDims = plan.planned.flatMap(({ weight: { name }, cut }) =>
      cut ? [[name, cut.dims] as const] : [],
    );
    return { payloads, ranks, cutDims, dropped, failed };
  }
}

function rankOf({ weight, factorize }: PlannedWeight): [readonly [string, FoundRank]] | [] {
  if (!factorize) return [];
  const { rank, split } = factorize;
  return [[weight.name, split === 'spatial' ? { spatial: rank } : rank]];
}
