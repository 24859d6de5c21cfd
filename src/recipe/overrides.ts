/**
 * What a recipe does to single weights in place of what its steps do to many: a step of their own,
 * first in its family, or an exception of the steps that would take them. A recipe has no other
 * sign of it than a selection by names alone that takes exactly these weights of this model.
 */
import type { OptionValue } from '../catalog/technique.ts';
import { TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { StudioError } from '../core/studio-error.ts';
import { eitherPattern, listedTexts, namePatterns, ownersOf } from './name-patterns.ts';
import { MAX_SELECTOR_LENGTH } from './parse-recipe.ts';
import type { Recipe, Selector, Step } from './recipe.ts';
import { compileSelector, compileStep, familyRank, type Selectable } from './select.ts';
import { withFirstStep } from './steps.ts';

/** What is done to the weights: a step without its selection. */
export interface Override {
  readonly technique: TechniqueId;
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface Overridden {
  readonly recipe: Recipe;
  /** Indices of the steps that were added; several where one pattern does not hold all names. */
  readonly steps: readonly number[];
}

/**
 * The recipe in which `override` takes the weights first, in place of what was said of them alone.
 * - `names` — of weights of `among`, which are all that a technique can act on
 * @throws bad-recipe for names that no pattern can hold
 */
export function withOverride(
  recipe: Recipe,
  { technique, options }: Override,
  names: readonly string[],
  among: readonly Selectable[],
): Overridden {
  const rank = familyRank(TECHNIQUES[technique].family);
  let result = withoutOverride(recipe, names, among, rank);
  const patterns = namePatterns(names, among);
  for (const name of patterns.toReversed()) {
    result = withFirstStep(result, { technique, where: { name }, options }).recipe;
  }
  const first = result.steps.findIndex(({ where }) => where?.name === patterns[0]);
  return { recipe: result, steps: patterns.map((_, at) => first + at) };
}

/**
 * The recipe in which no step takes the weights: each that would has them as exceptions.
 * @throws bad-recipe where a step's exceptions cannot hold them too
 */
export function withLeftAlone(
  recipe: Recipe,
  names: readonly string[],
  among: readonly Selectable[],
): Recipe {
  const wanted = new Set(names);
  const cleared = withoutOverride(recipe, names, among);
  const steps = cleared.steps.map((step, index) => {
    const takes = compileStep(step);
    const taken = among.filter((weight) => wanted.has(weight.name) && takes(weight));
    if (taken.length === 0) return step;
    const held = ownExceptions(step, among);
    const exceptions = held ? [...held, ...taken] : taken;
    const inOrder = among.filter((weight) => exceptions.includes(weight)).map(({ name }) => name);
    const patterns = namePatterns(inOrder, among);
    const own = step.where?.not;
    return {
      ...step,
      where: { ...step.where, not: { name: merged(patterns, held ? undefined : own, index) } },
    };
  });
  return { ...cleared, steps };
}

function merged(patterns: readonly string[], own: Selector | undefined, index: number): string {
  const [only, ...more] = patterns;
  if (own !== undefined && (own.name === undefined || Object.keys(own).length > 1)) {
    throw new StudioError(
      'bad-recipe',
      `Step ${index + 1} has exceptions by more than their names, and no others beside them. Change its selection instead.`,
    );
  }
  const pattern = own?.name === undefined ? only : eitherPattern(own.name, only ?? '');
  if (pattern === undefined || more.length > 0 || pattern.length > MAX_SELECTOR_LENGTH) {
    throw new StudioError(
      'bad-recipe',
      `The exceptions of step ${index + 1} do not fit ${MAX_SELECTOR_LENGTH} characters. Leave fewer weights alone, or change its selection.`,
    );
  }
  return pattern;
}

/**
 * The recipe without what is said of the weights alone: steps take them as they take others.
 * - `rank` — only steps of families that act at this time; absent: all
 */
export function withoutOverride(
  recipe: Recipe,
  names: readonly string[],
  among: readonly Selectable[],
  rank: number | null = null,
): Recipe {
  const gone = new Set(names);
  const remaining = (held: readonly Selectable[]) =>
    held.filter(({ name }) => !gone.has(name)).map(({ name }) => name);
  const steps = recipe.steps.flatMap((step): readonly Step[] => {
    if (rank !== null && familyRank(TECHNIQUES[step.technique].family) !== rank) return [step];
    const taken = ownWeights(step, among);
    if (taken?.some(({ name }) => gone.has(name))) {
      return namePatterns(remaining(taken), among).map((name) => ({ ...step, where: { name } }));
    }
    const excepted = ownExceptions(step, among);
    if (!excepted?.some(({ name }) => gone.has(name))) return [step];
    const { not: _, ...where } = step.where ?? {};
    const [not] = namePatterns(remaining(excepted), among);
    const { where: __, ...bare } = step;
    const left = not === undefined ? where : { ...where, not: { name: not } };
    return [Object.keys(left).length === 0 ? bare : { ...bare, where: left }];
  });
  return { ...recipe, steps };
}

export interface Overrides {
  /** Indices of steps that are there for the weight, by its name. */
  readonly steps: ReadonlyMap<string, readonly number[]>;
  /** Weights that steps except by name. */
  readonly leftAlone: ReadonlySet<string>;
}

/** What the recipe says of single weights. */
export function overridesOf({ steps }: Recipe, among: readonly Selectable[]): Overrides {
  const own = new Map<string, number[]>();
  const leftAlone = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const { name } of ownWeights(step, among) ?? []) {
      const held = own.get(name);
      if (held) held.push(index);
      else own.set(name, [index]);
    }
    for (const { name } of ownExceptions(step, among) ?? []) leftAlone.add(name);
  }
  return { steps: own, leftAlone };
}

/** The weights that the step is there for, if it selects them by nothing but their names. */
export function ownWeights(
  step: Pick<Step, 'where'>,
  among: readonly Selectable[],
): readonly Selectable[] | null {
  return namedExactly(step.where, among);
}

function ownExceptions({ where }: Step, among: readonly Selectable[]) {
  return namedExactly(where?.not, among);
}

function namedExactly(
  selector: Selector | undefined,
  among: readonly Selectable[],
): readonly Selectable[] | null {
  if (selector?.name === undefined || Object.keys(selector).length > 1) return null;
  const listed = listedTexts(selector.name);
  const weights = listed ? ownedBy(listed, among) : among.filter(compileSelector(selector));
  if (weights.length === 0) return null;
  const patterns = namePatterns(
    weights.map(({ name }) => name),
    among,
  );
  return patterns.length === 1 && patterns[0] === selector.name ? weights : null;
}

/** In the order of the model. */
function ownedBy(texts: readonly string[], among: readonly Selectable[]): readonly Selectable[] {
  const owners = ownersOf(among);
  const own = new Set(texts.flatMap((text) => [...(owners.get(text) ?? [])]));
  return own.size < 2 ? [...own] : among.filter((weight) => own.has(weight));
}
