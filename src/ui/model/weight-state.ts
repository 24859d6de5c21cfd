/** What of each weight is shown: as it was, as planned, or as compressed. */
import type { WeightSummary } from '../../report/model-summary.ts';
import type { PlanSummary } from '../../report/plan-summary.ts';
import type { WeightRow } from '../../report/report.ts';
import { shortDtype } from '../../state/short-dtype.ts';

export type View = 'original' | 'planned' | 'now';

export interface WeightState {
  readonly weight: WeightSummary;
  readonly bytesAfter: number;
  /** "int4·32"; the dtype if nothing acts on it. */
  readonly encoding: string;
  /** 2, 4, 8, 16 colour by bits; 32 is left alone. */
  readonly bits: number;
  readonly sqnrDb: number | null;
  /** Why it is left alone or has failed. */
  readonly reason: string | null;
  readonly failed: boolean;
  /** A running job has not come to it yet. */
  readonly pending: boolean;
}

interface Sources {
  readonly view: View;
  readonly plan: PlanSummary | null;
  /** Compressed weights by name. */
  readonly done: ReadonlyMap<string, WeightRow>;
  /** True while a compression runs. */
  readonly running: boolean;
}

/** The state of every weight in the chosen view, in the model's order. */
export function weightStates(
  weights: readonly WeightSummary[],
  { view, plan, done, running }: Sources,
): readonly WeightState[] {
  const planned = new Map(plan?.weights.map((it) => [it.name, it]));
  return weights.map((weight) => {
    const alone = {
      weight,
      bytesAfter: weight.byteLength,
      encoding: shortDtype(weight.dtype),
      bits: 32,
      sqnrDb: null,
      reason: weight.notCompressible,
      failed: false,
      pending: false,
    };
    if (view === 'original') return alone;
    const plans = planned.get(weight.name);
    if (view === 'planned') {
      if (!plans) return alone;
      if (plans.step === null) return { ...alone, reason: plans.reason };
      const { bytesAfter, encodingLabel, bits } = plans;
      return { ...alone, bytesAfter, encoding: encodingLabel, bits, reason: null };
    }
    const row = done.get(weight.name);
    if (!row) return { ...alone, pending: running && plans?.step !== null };
    const { bytesAfter, encoding, sqnrDb, reason, failed, technique } = row;
    if (technique === null || failed) return { ...alone, reason, failed };
    return { ...alone, bytesAfter, encoding, bits: bitsOf(encoding), sqnrDb, reason: null };
  });
}

const bitsOf = (encoding: string): number => Number(/^[a-z]+(\d+)/.exec(encoding)?.[1] ?? 32);

/** Colour of an encoding's solid part: "q4"; its tint is "q4-t". */
export const encodingColour = (bits: number): string =>
  [2, 4, 8, 16].includes(bits) ? `q${bits}` : 'plain';
