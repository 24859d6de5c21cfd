/** How many units stay of layers that share what goes, told by the dimensions of what they feed. */
import type { Weight } from '../../model/weight.ts';
import type { RemovableGroup } from '../../shapes/removable.ts';

/** By weight that cut units feed, the dimensions that it is left with. */
export type CutDims = ReadonlyMap<string, readonly number[]>;

export type ByTensor = ReadonlyMap<string, Weight>;

interface Fed {
  readonly weight: Weight;
  readonly axis: number;
  /** Indices of the axis that are one unit's. */
  readonly width: number;
}

/** The first weight whose axis is the group's alone; null if other units are in all of them. */
function fedBy({ takers, units }: RemovableGroup, byTensor: ByTensor): Fed | null {
  for (const { tensor, axis, tied } of takers) {
    const weight = byTensor.get(tensor);
    const width = units[0]?.get(tied)?.length ?? 0;
    if (width > 0 && weight?.tensor.dims[axis] === width * units.length) {
      return { weight, axis, width };
    }
  }
  return null;
}

/** Units of the group that stay; null if nothing says so. */
export function unitsIn(
  cutDims: CutDims,
  group: RemovableGroup,
  byTensor: ByTensor,
): number | null {
  const fed = fedBy(group, byTensor);
  const left = fed && cutDims.get(fed.weight.name)?.[fed.axis];
  if (!left) return null;
  const kept = left / fed.width;
  return Number.isInteger(kept) && kept <= group.units.length ? kept : null;
}

/** What `unitsIn` reads as `kept` units; null if nothing can say so. */
export function dimsOfUnits(
  group: RemovableGroup,
  kept: number,
  byTensor: ByTensor,
): readonly [weight: string, dims: readonly number[]] | null {
  const fed = fedBy(group, byTensor);
  if (!fed) return null;
  const { weight, axis, width } = fed;
  return [weight.name, weight.tensor.dims.with(axis, kept * width)];
}

/** Of groups with the units that they keep; nothing of those that nothing can say so of. */
export const cutDimsOf = (kept: ReadonlyMap<RemovableGroup, number>, byTensor: ByTensor): CutDims =>
  new Map(
    [...kept].flatMap(([group, units]) => {
      const own = dimsOfUnits(group, units, byTensor);
      return own ? [own] : [];
    }),
  );
