import type { Recipe } from '../recipe/recipe.ts';

export interface Task {
  /** `baseline` began by itself after opening: a compression may wait for it. */
  readonly kind: 'compress' | 'analyse' | 'benchmark' | 'baseline' | 'profile';
  readonly runId: string;
  readonly name: string;
  /** The recipe that a compression applies, or an analysis is of; null for a benchmark. */
  readonly recipe: Recipe | null;
  readonly plannedBytes: number | null;
  readonly startedAt: Date;
}
