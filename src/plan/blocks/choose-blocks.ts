/** Which blocks the steps of a recipe drop. */
import { CALIBRATION_ROWS } from '../../catalog/calibration-options.ts';
import { keptUnits } from '../../core/cut-spec.ts';
import { elementCount } from '../../core/shape.ts';
import type { Weight } from '../../model/weight.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { compileStep } from '../../recipe/select.ts';
import type { Block } from '../../shapes/blocks/blocks.ts';

export interface BlockStep {
  readonly stepIndex: number;
  /** Of the blocks that it may drop, how many it drops. */
  readonly count: number;
  readonly candidates: readonly Block[];
  /** Whether calibration rows say which. */
  readonly byInfluence: boolean;
  /** Calibration rows, at most. */
  readonly rows: number;
}

export interface BlockSteps {
  readonly steps: readonly BlockStep[];
  /** Of steps that drop nothing, why. */
  readonly reasons: ReadonlyMap<number, string>;
}

export const dropsBlocks = ({ steps }: Recipe): boolean =>
  steps.some(({ technique, enabled = true }) => technique === 'cut-blocks' && enabled);

/** The first step that selects a weight of a block may drop it. */
export function blockSteps(
  recipe: Recipe,
  blocks: readonly Block[],
  weights: readonly Weight[],
): BlockSteps {
  const steps: BlockStep[] = [];
  const reasons = new Map<number, string>();
  const taken = new Set<Block>();
  for (const [stepIndex, step] of recipe.steps.entries()) {
    if (step.technique !== 'cut-blocks' || step.enabled === false) continue;
    const takes = compileStep(step);
    const selected = blocks.filter(
      (block) => !taken.has(block) && weightsOf(block, weights).some((it) => takes(selectable(it))),
    );
    const candidates = selected.filter(({ obstacle }) => obstacle === null);
    for (const block of candidates) taken.add(block);
    const options = resolveOptions(step);
    const kept = keptUnits(
      candidates.length,
      { share: Number(options['share']), scope: 'layer' },
      true,
    );
    const count = candidates.length > 1 ? Math.max(1, candidates.length - kept) : 0;
    const rows = Number(options[CALIBRATION_ROWS.key] ?? CALIBRATION_ROWS.default);
    const byInfluence = options['score'] === 'influence';
    if (count > 0) steps.push({ stepIndex, count, candidates, byInfluence, rows });
    else reasons.set(stepIndex, whyNone(selected, candidates));
  }
  return { steps, reasons };
}

function whyNone(selected: readonly Block[], candidates: readonly Block[]): string {
  const [first] = selected;
  if (!first) return 'No blocks that repeat and give back the shape that they are given were found';
  if (candidates.length === 1) return 'Only one block could be dropped, and one stays';
  return `Block ${first.index + 1} stays: ${first.obstacle}`;
}

/** Weights that go with a block. */
export const weightsOf = ({ tensors }: Block, weights: readonly Weight[]): readonly Weight[] =>
  weights.filter(({ graph, tensor }) => graph === '' && tensors.has(tensor.name));

const selectable = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  elementCount: elementCount(tensor.dims),
  uses,
});

/** The `count` candidates with the lowest figures; of equal ones the deeper goes. */
export function lowest(
  { candidates, count }: BlockStep,
  figure: (block: Block) => number,
): readonly Block[] {
  return candidates
    .toSorted((a, b) => figure(a) - figure(b) || b.index - a.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index);
}

/** Without data: from the last but one towards the input, the last one last. */
export function deepest(step: BlockStep): readonly Block[] {
  const last = step.candidates.at(-1);
  return lowest(step, (block) => (block === last ? Number.POSITIVE_INFINITY : -block.index));
}
