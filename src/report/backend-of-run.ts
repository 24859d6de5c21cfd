import { TARGETS } from '../catalog/targets.ts';
import type { Backend } from '../core/backend.ts';
import type { BackendMeasurement, RunReport } from './report.ts';

/** The backend that the run was made for; null for a baseline, which has no target. */
export const targetBackend = (run: Pick<RunReport, 'recipe'>): Backend | null =>
  run.recipe ? TARGETS[run.recipe.target].backend : null;

export const measurementOn = (
  { measurements }: Pick<RunReport, 'measurements'>,
  backend: Backend,
): BackendMeasurement | null =>
  measurements.find((measurement) => measurement.backend === backend) ?? null;
