/**
 * What a failed truth check comes to in words. Outputs far from the original's are wrong. Outputs
 * that only another backend does not give for the same bytes are wrong on the run's target, and
 * elsewhere a difference that the target does not have.
 */
import type { Backend } from '../core/backend.ts';
import { backendLabel } from './format.ts';
import type { BackendMeasurement } from './report.ts';

type Checked = Pick<BackendMeasurement, 'backend' | 'truth'>;

const fails = ({ truth }: Checked): boolean => truth?.verdict === 'fails';

/** - `target` — where the run is to be used; null where that is not said */
export const isWrongOn = (checked: Checked, target: Backend | null): boolean =>
  fails(checked) && (checked.truth?.differsFrom === undefined || checked.backend === target);

export const differsElsewhere = (checked: Checked, target: Backend | null): boolean =>
  fails(checked) && !isWrongOn(checked, target);

/** "wrong on WebGPU", "differs on WebGPU"; null where no check fails. */
export function disagreement(
  measurements: readonly Checked[],
  target: Backend | null,
): string | null {
  const names = (of: readonly Checked[]) => of.map(({ backend }) => backendLabel(backend));
  const wrong = measurements.filter((it) => isWrongOn(it, target));
  if (wrong.length > 0) return `wrong on ${names(wrong).join(' and ')}`;
  const unlike = measurements.filter((it) => differsElsewhere(it, target));
  return unlike.length > 0 ? `differs on ${names(unlike).join(' and ')}` : null;
}
