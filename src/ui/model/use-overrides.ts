import { useDeferredValue, useMemo } from 'react';
import { overridesOf } from '../../recipe/overrides.ts';
import { actedOn } from '../../state/override-weights.ts';
import { useSession } from '../studio-context.tsx';
import type { RowMark } from './row-mark.ts';

/** Whether the recipe speaks of a weight alone, by its name. */
export function useOverrides(): (name: string) => RowMark {
  const recipe = useDeferredValue(useSession((session) => session.recipe));
  const weights = useSession(({ model }) => model.weights);
  const among = actedOn(weights);
  return useMemo(() => {
    const { steps, leftAlone } = overridesOf(recipe, among);
    return (name) => (steps.has(name) ? 'own' : leftAlone.has(name) ? 'alone' : null);
  }, [recipe, among]);
}
