import type { Technique } from '../../catalog/technique.ts';
import { PRESETS, presetRecipe } from '../../recipe/presets.ts';
import type { Recipe, Selector } from '../../recipe/recipe.ts';

/** A selector as a person reads it: "op is MatMul or Gemm, name is like encoder". */
export function whereWords(where: Selector | undefined): string {
  if (!where) return 'every weight';
  const { op, name, minElements, not } = where;
  const parts = [
    op !== undefined && `op is ${[op].flat().join(' or ')}`,
    name !== undefined && `name is ${name}`,
    minElements !== undefined && `at least ${minElements} elements`,
    not !== undefined && `not (${whereWords(not)})`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'every weight' : parts.join(', ');
}

export interface SelectionChoice {
  readonly label: string;
  /** null takes every weight that the technique supports. */
  readonly where: Selector | null;
}

/** What a step may select: everything, what presets select, each operator, and what it has now. */
export function selectionChoices(
  technique: Technique,
  target: Recipe['target'],
  current: Selector | undefined,
): readonly SelectionChoice[] {
  const preset = PRESETS.flatMap(({ id }) => presetRecipe(id, target).steps.map((it) => it.where));
  const single = technique.operators.map((op): Selector => ({ op: [op] }));
  const byLabel = new Map<string, SelectionChoice>();
  for (const where of [current, ...preset, ...single, undefined]) {
    const label = whereWords(where);
    if (!byLabel.has(label)) byLabel.set(label, { label, where: where ?? null });
  }
  return [...byLabel.values()];
}
