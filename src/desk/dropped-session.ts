/** The model that a recipe's other steps are planned on, where one drops blocks. */
import type { Dataset } from '../dataset/opening.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import type { Weight } from '../model/weight.ts';
import {
  blockSteps,
  deepest,
  dropsBlocks,
  lowest,
  weightsOf,
} from '../plan/blocks/choose-blocks.ts';
import { blocksOf, type DroppedModel, dropBlocks, dropEdit } from '../plan/blocks/drop-blocks.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { PlanSummary, PlanWarning } from '../report/plan-summary.ts';
import type { Block } from '../shapes/blocks/blocks.ts';
import { floatWeights } from './model-summary.ts';
import { summarizePlan } from './plan-summary.ts';
import type { Session } from './sessions.ts';

export interface DroppedSession {
  /** As it is where nothing is dropped. */
  readonly session: Session;
  /** What the steps come to, in the figures that the page shows. */
  readonly shown: (plan: PlanSummary) => PlanSummary;
}

interface ChosenByStep {
  readonly stepIndex: number;
  readonly chosen: readonly Block[];
}

/** One a session, so that what is kept for it is found again. */
const sessions = new WeakMap<DroppedModel, Session>();

/**
 * - `found` — blocks that the calibration rows chose, from 0; null while nobody has asked them: then
 *   those are dropped that save least, and the size is an upper bound
 * @throws what reading the model or its rows throws
 */
export async function droppedSession(
  session: Session,
  recipe: Recipe,
  found: readonly number[] | null,
  dataset: () => Promise<Dataset>,
): Promise<DroppedSession> {
  if (!dropsBlocks(recipe)) return { session, shown: (plan) => plan };
  const { model, weights } = session;
  const { blocks } = blocksOf(model);
  const { steps, reasons } = blockSteps(recipe, blocks, weights);
  const asked = found === null && steps.some(({ byInfluence }) => byInfluence);
  const hasRows = !asked || (await dataset()).calibration.count > 0;
  const saves = asked && hasRows ? savings(session, recipe, blocks) : null;
  const chosen = steps.map((step): ChosenByStep => {
    const { stepIndex, candidates, byInfluence } = step;
    if (found) {
      return { stepIndex, chosen: candidates.filter(({ index }) => found.includes(index)) };
    }
    if (!byInfluence || !saves) return { stepIndex, chosen: deepest(step) };
    return { stepIndex, chosen: lowest(step, (block) => saves.get(block) ?? 0) };
  });
  const warnings: PlanWarning[] = [...reasons].map(([step, reason]) => ({
    step,
    message: `No block is dropped. ${reason}.`,
  }));
  for (const [at, { stepIndex, chosen: own }] of chosen.entries()) {
    const isOpen = saves !== null && steps[at]?.byInfluence === true;
    const message = isOpen
      ? `${own.length} of ${blocks.length} blocks go; the calibration rows decide which.`
      : `${own.length} of ${blocks.length} blocks go: ${namesOf(own)}.`;
    warnings.push({ step: stepIndex, message });
    if (!hasRows && steps[at]?.byInfluence) warnings.push({ step: stepIndex, message: NO_ROWS });
  }
  const dropped = chosen.flatMap((it) => it.chosen).sort((a, b) => a.index - b.index);
  if (dropped.length === 0) {
    return { session, shown: (plan) => ({ ...plan, warnings: [...plan.warnings, ...warnings] }) };
  }
  const made = await dropBlocks(model, dropped);
  const own = sessions.get(made) ?? { ...session, ...made };
  sessions.set(made, own);
  return {
    session: own,
    shown: (plan) => withDropped(plan, stepsOfGone(session, own, chosen), warnings, saves === null),
  };
}

const NOTHING = { weightCount: 0, bytesBefore: 0 };
const NO_ROWS =
  'There are no calibration rows to judge blocks by: they go by depth, the last but one first.';

const namesOf = (blocks: readonly Block[]): string =>
  blocks.map(({ index }) => `${index + 1}`).join(', ');

/** Bytes of the graph and of what no step can take, by block. */
const besideWeights = new WeakMap<OnnxModel, ReadonlyMap<Block, number>>();

/** What the output is smaller by without a block. */
function savings(
  { model, weights }: Session,
  recipe: Recipe,
  blocks: readonly Block[],
): ReadonlyMap<Block, number> {
  const { weights: planned } = summarizePlan(planRecipe(model, weights, recipe), model.byteLength);
  const bytes = new Map(planned.map((it) => [it.name, it]));
  const sum = (block: Block, key: 'bytesBefore' | 'bytesAfter') =>
    weightsOf(block, weights).reduce((all, { name }) => all + (bytes.get(name)?.[key] ?? 0), 0);
  let rest = besideWeights.get(model);
  if (!rest) {
    rest = new Map(
      blocks
        .filter(({ obstacle }) => obstacle === null)
        .map((block) => {
          const { files } = layoutOnnx(model, dropEdit(model, [block]));
          const left = files.reduce((all, file) => all + file.byteLength, 0);
          return [block, model.byteLength - left - sum(block, 'bytesBefore')] as const;
        }),
    );
    besideWeights.set(model, rest);
  }
  return new Map([...rest].map(([block, own]) => [block, own + sum(block, 'bytesAfter')] as const));
}

/** Weights that are in the model no more; those that several blocks shared go with the first step. */
function stepsOfGone(
  before: Session,
  after: Session,
  chosen: readonly ChosenByStep[],
): ReadonlyMap<Weight, number> {
  const left = new Set(after.weights.map(({ name }) => name));
  const [first] = chosen;
  return new Map(
    floatWeights(before.weights).flatMap((weight) => {
      if (left.has(weight.name)) return [];
      const own = chosen.find((it) => it.chosen.some(({ tensors }) => tensors.has(weight.name)));
      return [[weight, (own ?? first)?.stepIndex ?? 0] as const];
    }),
  );
}

function withDropped(
  plan: PlanSummary,
  gone: ReadonlyMap<Weight, number>,
  warnings: readonly PlanWarning[],
  exact: boolean,
): PlanSummary {
  const steps = [...plan.steps];
  for (const [{ tensor }, step] of gone) {
    const { weightCount, bytesBefore } = steps[step] ?? NOTHING;
    const bytes = bytesBefore + tensor.storedByteLength;
    steps[step] = { weightCount: weightCount + 1, bytesBefore: bytes, bytesAfter: 0 };
  }
  return {
    ...plan,
    exact: plan.exact && exact,
    weights: [
      ...plan.weights,
      ...[...gone].map(([{ name, tensor }, step]) => ({
        ...{ name, step, encodingLabel: 'dropped', bits: 0, bytesAfter: 0, reason: null },
        bytesBefore: tensor.storedByteLength,
      })),
    ],
    steps,
    warnings: [...plan.warnings, ...warnings],
  };
}

/** The blocks of which every weight is among `dropped`. */
export function blocksGone(
  { model, weights }: Session,
  dropped: readonly string[],
): readonly number[] {
  const gone = new Set(dropped);
  if (gone.size === 0) return [];
  return blocksOf(model).blocks.flatMap((block) => {
    const own = weightsOf(block, weights);
    return own.length > 0 && own.every(({ name }) => gone.has(name)) ? [block.index] : [];
  });
}
