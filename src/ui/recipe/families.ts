import { calibrationOf, FAMILIES, type Family, type Technique } from '../../catalog/technique.ts';
import { TECHNIQUES, type TechniqueId } from '../../catalog/techniques.ts';

/** What a family does, as a heading over its techniques. */
export const FAMILY_WORDS: Readonly<Record<Family, string>> = {
  reshape: 'Reshape: fewer channels or layers',
  transform: 'Transform: same function, easier values',
  prune: 'Prune: values become zero',
  factorize: 'Factorize: thinner matrices',
  quantize: 'Quantize: fewer bits for each value',
  share: 'Share: few distinct values',
  residual: 'Residual: part of the error back',
  distill: 'Distill: learn from the original',
};

export interface FamilyGroup {
  readonly family: Family;
  readonly techniques: readonly { readonly id: TechniqueId; readonly technique: Technique }[];
}

/** Every technique under its family, in the order in which families act. */
export function familyGroups(): readonly FamilyGroup[] {
  const all = Object.entries(TECHNIQUES) as readonly [TechniqueId, Technique][];
  return FAMILIES.map((family) => ({
    family,
    techniques: all
      .filter(([, technique]) => technique.family === family)
      .map(([id, technique]) => ({ id, technique })),
  })).filter(({ techniques }) => techniques.length > 0);
}

/** Why the technique finds nothing to act on in a model of these operators; null if it may. */
export function unusable(
  { operators, needsOperator }: Technique,
  has: ReadonlySet<string>,
): string | null {
  const wanted = needsOperator ?? operators;
  if (wanted.some((op) => has.has(op))) return null;
  const some = wanted.length > 2 ? `none of ${wanted.join(', ')}` : `no ${wanted.join(' or ')}`;
  return `Nothing to act on: this model has ${some}.`;
}

/** What a step costs and wants with its defaults, in a few words. */
export function costWords(technique: Technique): string {
  const defaults = Object.fromEntries(technique.options.map(({ key, default: it }) => [key, it]));
  const start = technique.isGoodStart ? 'A good start. ' : '';
  return calibrationOf(technique, defaults) === null
    ? `${start}Needs no rows: quick.`
    : `${start}Runs calibration rows first: takes longer.`;
}
