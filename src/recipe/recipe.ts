/** A recipe: what to do to which weights, as the JSON that people share. */

import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import type { TechniqueId } from '../catalog/techniques.ts';

/** Which weights a step takes; absent fields match everything. */
export interface Selector {
  readonly op?: string | readonly string[];
  /** Glob over weight and node names (`*` crosses `/`), or `re:` and a regular expression. */
  readonly name?: string;
  readonly minElements?: number;
  readonly not?: Selector;
}

export interface Step {
  readonly technique: TechniqueId;
  readonly where?: Selector;
  /** False: the step keeps its place and is left out of plan and run. Absent means true. */
  readonly enabled?: boolean;
  /** Only the options that were given; absent ones take the catalog's default. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface Recipe {
  readonly format: 'whittle-recipe';
  readonly version: 1;
  readonly name: string;
  readonly target: TargetId;
  readonly seed: number;
  readonly steps: readonly Step[];
}
