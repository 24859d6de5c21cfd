import { useState } from 'react';
import type { Step } from '../../recipe/recipe.ts';

/** Cards by key, so that what is folded open stays with its step when steps move. */
export interface Keyed {
  readonly steps: readonly Step[];
  readonly keys: readonly number[];
  readonly next: number;
}

export const NO_STEPS: Keyed = { steps: [], keys: [], next: 0 };

/**
 * Keys for changed steps. A step that is the same object keeps its key; where as many are new as are
 * gone they are taken to be those, changed, in order.
 */
export function keySteps(before: Keyed, steps: readonly Step[]): Keyed {
  if (before.steps === steps) return before;
  const gone = before.steps.flatMap((step, index) =>
    steps.includes(step) ? [] : [before.keys[index]],
  );
  const fresh = steps.filter((step) => !before.steps.includes(step)).length;
  const inherited = gone.length === fresh ? gone.values() : [].values();
  let { next } = before;
  const keys = steps.map((step) => {
    const kept = before.keys[before.steps.indexOf(step)];
    return kept ?? inherited.next().value ?? next++;
  });
  return { steps, keys, next };
}

/** Keys for the cards of `steps`, kept from one drawing to the next. */
export function useStepKeys(steps: readonly Step[]): readonly number[] {
  const [keyed, setKeyed] = useState(() => keySteps(NO_STEPS, steps));
  if (keyed.steps === steps) return keyed.keys;
  const now = keySteps(keyed, steps);
  setKeyed(now);
  return now.keys;
}
