import type { Technique } from '../../catalog/technique.ts';
import { PRESETS, presetRecipe } from '../../recipe/presets.ts';
import type { Recipe, Selector } from '../../recipe/recipe.ts';
import { formatCount } from '../../report/format.ts';
import { frontCut } from '../model/front-cut.ts';

/** A selector as a person reads it: "op is MatMul or Gemm, name is like encoder". */
export function whereWords(where: Selector | undefined): string {
  if (!where) return 'every weight';
  const { op, name, minElements, not } = where;
  const parts = [
    op !== undefined && opWords(op),
    name !== undefined && `name is ${name}`,
    minElements !== undefined && `at least ${formatCount(minElements)} elements`,
    not !== undefined && `not (${whereWords(not)})`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'every weight' : parts.join(', ');
}

/** Characters of a weight's name in a list of choices. */
const MOST_SHOWN = 25;

/** Weights that a step is there for: "…layer.0.output.dense", "9 weights by name". */
export function namedWords(weights: readonly { readonly label: string }[]): string {
  const [first] = weights;
  return weights.length === 1 && first
    ? frontCut(first.label, MOST_SHOWN)
    : `${formatCount(weights.length)} weights by name`;
}

const opWords = (op: Selector['op']): string =>
  op === undefined ? 'every weight' : `op is ${[op].flat().join(' or ')}`;

export interface OperatorChoice {
  readonly label: string;
  /** undefined takes every operator that the technique knows. */
  readonly op: Selector['op'];
}

/**
 * What operators a step may select: those it has now, those presets select together, and each that
 * both the model has and the technique knows. The current one is first.
 * - `present` — operators of the model's weights
 */
export function operatorChoices(
  technique: Technique,
  target: Recipe['target'],
  present: ReadonlySet<string>,
  current: Selector['op'],
): readonly OperatorChoice[] {
  const usable = technique.operators.filter((op) => present.has(op));
  const traits = { operators: present, mostly16Bit: false };
  const together = PRESETS.flatMap(({ id }) => presetRecipe(id, target, traits).steps)
    .map(({ where }) => where?.op)
    .filter((op) => [op ?? []].flat().some((it) => usable.includes(it)));
  const byLabel = new Map<string, OperatorChoice>();
  for (const op of [current, ...together, ...usable.map((it) => [it]), undefined]) {
    const label = opWords(op);
    if (!byLabel.has(label)) byLabel.set(label, { label, op });
  }
  return [...byLabel.values()];
}

/** Operators of weights as the model names them: "MatMul, Gemm" is two. */
export const operatorsOf = (weights: readonly { readonly op: string }[]): ReadonlySet<string> =>
  new Set(weights.flatMap(({ op }) => op.split(', ')));

/** The selector with some fields changed; undefined ones are dropped, null if none are left. */
export function changedWhere(
  where: Selector | undefined,
  change: { readonly [K in keyof Selector]: Selector[K] | undefined },
): Selector | null {
  const fields = Object.entries({ ...where, ...change }).filter(([, value]) => value !== undefined);
  return fields.length === 0 ? null : Object.fromEntries(fields);
}
