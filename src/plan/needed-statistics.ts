/** What the steps that take a weight must know of its inputs. */
import { CALIBRATION_ROWS } from '../catalog/calibration-options.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { StatisticKind } from '../core/statistic-kind.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { PlannedWeight } from './planned-weight.ts';

export interface NeededStatistics {
  readonly kind: StatisticKind;
  /** Calibration rows at most. */
  readonly rows: number;
}

/** null: nothing of its inputs. */
export function neededStatistics(
  {
    scaling,
    prune,
    factorize,
    parts,
  }: Pick<PlannedWeight, 'prune' | 'scaling' | 'factorize' | 'parts'>,
  { steps }: Recipe,
): NeededStatistics | null {
  const indices = [
    scaling?.stepIndex,
    prune?.stepIndex,
    factorize?.stepIndex,
    ...parts.map((it) => it.stepIndex),
  ];
  let needed = null as NeededStatistics | null;
  for (const index of new Set(indices)) {
    const step = index === undefined || index === null ? undefined : steps[index];
    const kind = step && TECHNIQUES[step.technique].calibration;
    if (!step || !kind) continue;
    const rows = Number(resolveOptions(step)[CALIBRATION_ROWS.key] ?? CALIBRATION_ROWS.default);
    needed = {
      kind: kind === 'gram' || needed?.kind === 'gram' ? 'gram' : 'moments',
      rows: Math.max(rows, needed?.rows ?? 0),
    };
  }
  return needed;
}
