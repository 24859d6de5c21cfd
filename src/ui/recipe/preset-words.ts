import { formatBytes, formatExactBytes } from '../../report/format.ts';
import type { PresetPlan } from '../../state/state.ts';

interface PresetWords {
  /** "20.3 MB", "at most 20.3 MB"; empty until it is planned, and where nothing comes of it. */
  readonly size: string;
  readonly exact: string | undefined;
  readonly says: string;
}

/** What a preset's button says: what it does and comes to, or that it does nothing for this model. */
export function presetWords(plan: PresetPlan | undefined, caption: string): PresetWords {
  if (!plan) return { size: '', exact: undefined, says: caption };
  if ('refusal' in plan) return { size: '', exact: undefined, says: plan.refusal };
  const exact = formatExactBytes(plan.byteLength);
  if (plan.weightCount === 0) {
    return { size: '', exact, says: `${caption}: acts on no weight of this model` };
  }
  const size = formatBytes(plan.byteLength);
  return { size: plan.exact ? size : `at most ${size}`, exact, says: caption };
}
