/** Which step of a recipe acts on which weight. */
import { FAMILIES, type Family } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { compileGlob } from '../core/glob.ts';
import { compilePattern } from '../core/linear-pattern.ts';
import type { Recipe, Selector, Step } from './recipe.ts';

/** What a selector looks at; every `Weight` of a model can be given as one. */
export interface Selectable {
  /** Unique name of the constant in the graph. */
  readonly name: string;
  readonly label: string;
  readonly elementCount: number;
  readonly uses: readonly { readonly op: string; readonly nodeName: string }[];
  /** A factor of the weight: found by the weight's names, alone or with `/A` or `/B` after them. */
  readonly part?: 'A' | 'B';
}

/** Weights below this many elements are left alone unless a step's `minElements` says otherwise. */
export const DEFAULT_MIN_ELEMENTS = 1024;

export const REGEX_PREFIX = 're:';

/**
 * Whether the selector takes the weight: some use has an operator of `op` and a node (or the weight
 * a name or label) of `name`, the weight has `minElements`, and `not` does not take it.
 * @throws bad-recipe for a regular expression that `parseRecipe` would refuse
 */
export function matches(selector: Selector | undefined, weight: Selectable): boolean {
  return compileSelector(selector)(weight);
}

/**
 * For each weight the indices of the steps that act on it, in acting order: at most one a family
 * (quantize and share count as one), the first whose selector matches and whose technique knows an
 * operator of the weight. A disabled step takes none.
 * @throws bad-recipe for a regular expression that `parseRecipe` would refuse
 */
export function assignSteps(
  recipe: Recipe,
  weights: readonly Selectable[],
): readonly (readonly number[])[] {
  return weights.map(stepsOf(recipe));
}

/** `assignSteps` for one weight after another, by a recipe that is compiled once. */
export function stepsOf({ steps }: Recipe): (weight: Selectable) => readonly number[] {
  const takes = steps.map(compileStep);
  return (weight) => {
    const taken = new Map<number, number>();
    for (const [index, step] of steps.entries()) {
      const rank = familyRank(TECHNIQUES[step.technique].family);
      if (!taken.has(rank) && takes[index]?.(weight)) taken.set(rank, index);
    }
    return [...taken.values()];
  };
}

/** Families act in this order; quantize and share exclude each other, so they rank alike. */
export const familyRank = (family: Family): number =>
  FAMILIES.indexOf(family === 'share' ? 'quantize' : family);

/** Index of the first family that comes after a later one; null if the order is right. */
export function firstOutOfOrder(families: readonly Family[]): number | null {
  const ranks = families.map(familyRank);
  const index = ranks.findIndex((rank, i) => rank < (ranks[i - 1] ?? 0));
  return index < 0 ? null : index;
}

type Predicate = (weight: Selectable) => boolean;

/** Whether the step would take a weight that no step before it takes; a disabled one takes none. */
export function compileStep({ technique, where, enabled = true }: Step): Predicate {
  if (!enabled) return () => false;
  const operators: readonly string[] = TECHNIQUES[technique].operators;
  const minElements = where?.minElements ?? DEFAULT_MIN_ELEMENTS;
  const selected = compileSelector(where);
  return (weight) =>
    weight.elementCount >= minElements &&
    weight.uses.some(({ op }) => operators.includes(op)) &&
    selected(weight);
}

/** `matches` for one weight after another, by a selector that is compiled once. */
export function compileSelector(selector: Selector | undefined): Predicate {
  if (!selector) return () => true;
  const { op, name, minElements = 0, not } = selector;
  const operators = typeof op === 'string' ? [op] : op;
  const hasName = name === undefined ? () => true : compileName(name);
  const excluded = not === undefined ? () => false : compileSelector(not);
  return (weight) => {
    const named = namesOf(weight).some(hasName);
    const used = weight.uses.some(
      (use) => (operators?.includes(use.op) ?? true) && (named || hasName(use.nodeName)),
    );
    const unused = operators === undefined && named && weight.uses.length === 0;
    return (used || unused) && weight.elementCount >= minElements && !excluded(weight);
  };
}

function namesOf({ name, label, part }: Selectable): readonly string[] {
  const whole = [name, label];
  return part === undefined ? whole : [...whole, ...whole.map((text) => `${text}/${part}`)];
}

const compileName = (name: string): ((text: string) => boolean) =>
  name.startsWith(REGEX_PREFIX)
    ? compilePattern(name.slice(REGEX_PREFIX.length))
    : compileGlob(name);
