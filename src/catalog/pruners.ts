/** Techniques that set values to zero: how each finds which. */
import type { PruneMethod } from '../core/prune-spec.ts';
import type { OptionValue } from './technique.ts';
import type { TechniqueId } from './techniques.ts';

type Pruner = (options: Readonly<Record<string, OptionValue>>) => PruneMethod;

const PRUNERS: Readonly<Partial<Record<TechniqueId, Pruner>>> = {
  magnitude: () => ({ kind: 'magnitude' }),
  wanda: () => ({ kind: 'wanda' }),
  sparsegpt: ({ damping }) => ({ kind: 'sparsegpt', damping: damping as number }),
};

/** Of a technique of the family `prune`. */
export function prunerOf(id: TechniqueId): Pruner {
  const pruner = PRUNERS[id];
  if (!pruner) throw new Error(`${id} does not say how it prunes`);
  return pruner;
}
