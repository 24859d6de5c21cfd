/** From the steps that take a weight to its stages and the encodings of its parts, or why not. */
import { denseEncoding, encodingForFp16 } from '../catalog/choose-encoding.ts';
import { encodingLayout, layoutBytes } from '../catalog/encoding-layout.ts';
import type { OptionFix } from '../catalog/encodings.ts';
import { metricOf } from '../catalog/factorizers.ts';
import { prunerOf } from '../catalog/pruners.ts';
import { quantizerOf } from '../catalog/quantizers.ts';
import type { Family } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { FoundRank } from '../core/factorize-spec.ts';
import type { Weight } from '../model/weight.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { factorParts } from './factor-parts.ts';
import { isSeen, type MatrixView } from './matrix-view.ts';
import type { BarePart, ChosenPart, ChosenWeight, StoredZeros } from './planned-weight.ts';
import { residualStage } from './residual-stage.ts';
import { knownTooLate } from './scaling/not-scaled.ts';
import { awqStage, smoothStage } from './scaling/scaling-stage.ts';
import { factorizeStage, isRankByValues, pruneStage } from './stages.ts';
import { storeZeros } from './store-zeros.ts';

/** What a step was asked for and does not do. */
export interface Skipped {
  readonly stepIndex: number;
  readonly reason: string;
  /** What of the step is not done; absent: all of it. */
  readonly without?: string;
  readonly fix?: OptionFix;
}

export interface Choice {
  /** null: nothing is done to the weight. */
  readonly chosen: ChosenWeight | null;
  readonly skipped: readonly Skipped[];
}

/** Steps of the recipe that take the weight or one of its factors, by their indices. */
export type StepsFor = (part: 'A' | 'B' | undefined) => readonly number[];

interface Viewed extends Pick<ChosenWeight, 'weight' | 'view' | 'cut'> {
  /** Why its inputs cannot be scaled, whatever else is done; null if they can. */
  readonly notScaled: string | null;
}

/** @param rank that a run found for the weight; see `factorizeStage` */
export function chooseWeight(
  { weight, view, cut, notScaled }: Viewed,
  recipe: Recipe,
  stepsFor: StepsFor,
  rank: FoundRank | undefined,
): Choice {
  const skipped: Skipped[] = [];
  const undone = () => [...new Set(skipped.map(({ reason }) => reason))];
  const take = <S>(
    stepIndex: number,
    result: { readonly stage: S } | Omit<Skipped, 'stepIndex'>,
  ): S | null => {
    if ('stage' in result) return result.stage;
    skipped.push({ stepIndex, ...result });
    return null;
  };
  const own = stepsFor(undefined);
  const prunes = stepOf(recipe, own, 'prune');
  const pruning = prunes && take(prunes.index, pruningOf(prunes, view));
  const factorizes = stepOf(recipe, own, 'factorize');
  const factorize =
    factorizes &&
    take(
      factorizes.index,
      factorizeStage(
        factorizes.index,
        { options: factorizes.options, metric: metricOf(factorizes.step.technique) },
        view,
        rank,
      ),
    );
  const residuals = stepOf(recipe, own, 'residual');

  const encode = (part: BarePart): ChosenPart | null => {
    const steps = stepsFor(part.part === '' ? undefined : part.part);
    const step = stepOf(recipe, steps, 'quantize', 'share');
    if (!step) return null;
    const groups = part.part === '' ? view.groups : 1;
    const { encoding, method } = quantizerOf(step.step.technique);
    const { operator: row, valueType } = part;
    const seen = part.part === '' && isSeen(weight);
    const place = { row, shape: part, groups, valueType, isSeen: seen };
    const decision = encoding(step.options, place, recipe.target);
    if ('choice' in decision) {
      const { choice } = decision;
      return { ...part, stepIndex: step.index, choice, method: method(step.options) };
    }
    const { refused: reason, fix } = decision;
    skipped.push({ stepIndex: step.index, reason, ...(fix && { fix }) });
    return null;
  };
  const transforms = stepOf(recipe, own, 'transform');
  const whole: BarePart = { ...view, part: '' };
  const asFloat = (part: BarePart): ChosenPart => ({
    ...part,
    stepIndex: null,
    choice: denseEncoding(part.valueType),
    method: null,
  });
  const isLate = isRankByValues(factorizes?.options ?? {}) && (factorize || rank !== undefined);
  const unscaled = notScaled ?? knownTooLate(pruning, Boolean(isLate));
  const smooth =
    transforms &&
    take(
      transforms.index,
      unscaled
        ? { reason: unscaled }
        : { stage: smoothStage(transforms.index, transforms.options) },
    );
  if (factorize) {
    if (residuals) skipped.push({ stepIndex: residuals.index, reason: FACTORS_HAVE_RANK });
    const prune = pruning && { ...pruning, stored: FACTORS };
    const factors = factorParts(view, factorize.rank, factorize.split).map(
      (part) => encode(part) ?? keepFactor(part, weight, asFloat),
    );
    const single = factorize.exact ? null : (encode(whole) ?? asFloat(whole));
    const parts = single && storedBytes([single]) > storedBytes(factors) ? [single] : factors;
    const all = { weight, view, cut, scaling: smooth, prune, factorize, residual: null, parts };
    return { chosen: { ...all, undone: undone() }, skipped };
  }
  const scalesOf = (part: ChosenPart) => {
    const stage = awqStage(part);
    const reason = transforms && !unscaled ? SCALED_ALREADY : unscaled;
    return stage && take(stage.stepIndex, reason ? { reason, without: 'scales' } : { stage });
  };
  const correct = (own: ChosenPart | null) =>
    residuals &&
    take(
      residuals.index,
      residualStage(residuals.index, residuals.options, { weight, view, own }, recipe.target),
    );
  const single = encode(whole) ?? (pruning || smooth || cut ? asFloat(whole) : null);
  if (!single) {
    correct(null);
    return { chosen: null, skipped };
  }
  const searched = scalesOf(single);
  const scaling = smooth ?? searched;
  const { prune, part } = storeZeros(pruning, prunes?.options, single, view, recipe.target);
  const chosen = { weight, view, cut, scaling, prune, factorize: null };
  const corrected = correct(part);
  const stored = corrected ?? { residual: null, parts: [part] };
  return { chosen: { ...chosen, ...stored, undone: undone() }, skipped };
}

const FACTORS: StoredZeros = { reason: 'the factors of a pruned weight have no zeros' };

const FACTORS_HAVE_RANK = 'Residual: factors have a rank of their own';

const SCALED_ALREADY = 'Inputs not scaled: another step scales them';

/** Factors of 16-bit weights stay 16 bit. */
const keepFactor = (
  part: BarePart,
  { tensor }: Weight,
  asFloat: (part: BarePart) => ChosenPart,
): ChosenPart => {
  const fp16 = encodingForFp16();
  if (tensor.dtype !== 'float16' || 'refused' in fp16) return asFloat(part);
  return { ...part, stepIndex: null, choice: fp16.choice, method: null };
};

const storedBytes = (parts: readonly ChosenPart[]): number =>
  parts
    .flatMap((part) => encodingLayout(part.choice, part))
    .reduce((sum, tensor) => sum + layoutBytes(tensor), 0);

const pruningOf = ({ index, step, options }: TakenStep, view: MatrixView) =>
  pruneStage(index, prunerOf(step.technique)(options), options, view);

interface TakenStep {
  readonly index: number;
  readonly step: Step;
  readonly options: ReturnType<typeof resolveOptions>;
}

/** The first step of one of `families`, which exclude each other. */
function stepOf(
  recipe: Recipe,
  steps: readonly number[],
  ...families: readonly Family[]
): TakenStep | null {
  for (const index of steps) {
    const step = recipe.steps[index];
    if (step && families.includes(TECHNIQUES[step.technique].family)) {
      return { index, step, options: resolveOptions(step) };
    }
  }
  return null;
}
