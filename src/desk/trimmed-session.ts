/** The model that a recipe's other steps are planned on, where one trims the vocabulary. */
import type { Dataset } from '../dataset/opening.ts';
import {
  type TrimmedModel,
  trimVocabulary,
  vocabularyStep,
} from '../plan/vocabulary/trim-vocabulary.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatCount } from '../report/format.ts';
import type { PlanSummary, PlanWarning } from '../report/plan-summary.ts';
import type { Session } from './sessions.ts';

export interface TrimmedSession {
  /** As it is where nothing is trimmed. */
  readonly session: Session;
  /** What the step comes to, in the figures that the page shows. */
  readonly shown: (plan: PlanSummary) => PlanSummary;
}

/** One a session, so that what is kept for it is found again. */
const sessions = new WeakMap<TrimmedModel, Session>();

/** @throws bad-tokenizer; what reading the model or its texts throws */
export async function trimmedSession(
  session: Session,
  recipe: Recipe,
  dataset: () => Promise<Dataset>,
): Promise<TrimmedSession> {
  const step = vocabularyStep(recipe);
  if (step === null) return { session, shown: (plan) => plan };
  const { vocabulary } = await dataset();
  const trim = await trimVocabulary(session.model, session.weights, vocabulary);
  if ('refused' in trim) {
    const message = `The vocabulary stays. ${trim.refused}.`;
    return { session, shown: (plan) => withWarning(plan, { step, message }) };
  }
  const { model, weights } = trim;
  const own = sessions.get(trim) ?? { ...session, model, weights };
  sessions.set(trim, own);
  return { session: own, shown: (plan) => withTables(plan, trim, step) };
}

const withWarning = (plan: PlanSummary, warning: PlanWarning): PlanSummary => ({
  ...plan,
  warnings: [...plan.warnings, warning],
});

function withTables(plan: PlanSummary, trim: TrimmedModel, step: number): PlanSummary {
  const { tables, tokenCount } = trim;
  const { textCount, textUnit } = trim.source;
  const before = new Map(tables.map((table) => [table.name, table]));
  const weights = plan.weights.map((weight) => {
    const table = before.get(weight.name);
    if (!table) return weight;
    const steps = [step, ...(weight.steps ?? [])];
    const encodingLabel = `${formatCount(tokenCount)} tokens · ${weight.encodingLabel}`;
    const own = { ...weight, steps, step: weight.step ?? step, encodingLabel, reason: null };
    return { ...own, bytesBefore: table.bytesBefore };
  });
  const trimmed = weights.filter(({ name }) => before.has(name));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const steps = plan.steps.map((own, index) =>
    index === step
      ? {
          weightCount: trimmed.length,
          bytesBefore: sum(trimmed.map(({ bytesBefore }) => bytesBefore)),
          bytesAfter: sum(trimmed.map(({ bytesAfter }) => bytesAfter)),
        }
      : own,
  );
  const most = Math.max(...tables.map(({ tokensBefore }) => tokensBefore));
  const texts = `${formatCount(textCount)} ${textUnit}`;
  const isRunning = textUnit === 'windows of text';
  const counted = isRunning
    ? ' Perplexity is by tokens of the original, KL over those that both have.'
    : '';
  const message = `${formatCount(tokenCount)} of ${formatCount(most)} tokens stay: those of ${texts}, single characters and special ones. Other texts take more tokens: measure what that costs.${counted}`;
  const leftAlone = withoutTables(plan, before);
  return withWarning({ ...plan, weights, steps, leftAlone }, { step, message });
}

/** A trimmed table is not left alone, whatever no other step does to it. */
function withoutTables(
  { weights, leftAlone }: PlanSummary,
  tables: ReadonlyMap<string, unknown>,
): PlanSummary['leftAlone'] {
  const trimmed = weights.filter(({ name }) => tables.has(name));
  return leftAlone.flatMap((group) => {
    const own = trimmed.filter(({ reason }) => reason === group.reason);
    const weightCount = group.weightCount - own.length;
    const bytes = own.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0);
    return weightCount > 0 ? [{ ...group, weightCount, byteLength: group.byteLength - bytes }] : [];
  });
}
