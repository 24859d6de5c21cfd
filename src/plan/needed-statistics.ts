/** What the steps that take a weight must know of its inputs. */
import { CALIBRATION_ROWS } from '../catalog/calibration-options.ts';
import { calibrationOf } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { StatisticKind } from '../core/statistic-kind.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Plan } from './plan.ts';
import type { PlannedWeight } from './planned-weight.ts';

export interface NeededStatistics {
  readonly kind: StatisticKind;
  /** Calibration rows at most. */
  readonly rows: number;
}

/** A weight with what is asked of its inputs. */
export interface WeightNeed extends Pick<PlannedWeight, 'weight' | 'view'> {
  readonly needed: NeededStatistics;
}

/** What the steps of a plan ask, in the order of its weights. */
export const needsOf = ({ planned, recipe }: Pick<Plan, 'planned' | 'recipe'>): WeightNeed[] =>
  planned.flatMap((item) => {
    const needed = neededStatistics(item, recipe);
    return needed ? [{ weight: item.weight, view: item.view, needed }] : [];
  });

/** null: nothing of its inputs. */
export function neededStatistics(
  item: Pick<PlannedWeight, 'scaling' | 'prune' | 'factorize' | 'residual' | 'parts'>,
  { steps }: Recipe,
): NeededStatistics | null {
  const { scaling, prune, factorize, residual, parts } = item;
  const indices = [
    ...[scaling?.stepIndex, prune?.stepIndex, factorize?.stepIndex, residual?.stepIndex],
    ...parts.map((it) => it.stepIndex),
  ];
  let needed = null as NeededStatistics | null;
  for (const index of new Set(indices)) {
    const step = index === undefined || index === null ? undefined : steps[index];
    if (!step) continue;
    const options = resolveOptions(step);
    const kind = calibrationOf(TECHNIQUES[step.technique], options);
    if (!kind) continue;
    const rows = Number(options[CALIBRATION_ROWS.key] ?? CALIBRATION_ROWS.default);
    needed = {
      kind: kind === 'gram' || needed?.kind === 'gram' ? 'gram' : 'moments',
      rows: Math.max(rows, needed?.rows ?? 0),
    };
  }
  return needed;
}
