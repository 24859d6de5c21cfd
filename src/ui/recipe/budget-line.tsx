import { type RefObject, useId, useRef } from 'react';
import { formatBytes, formatExactBytes } from '../../report/format.ts';
import type { PlanSummary } from '../../report/plan-summary.ts';
import { choosePreset, setBudget } from '../../state/edit-recipe.ts';
import { traitsOf } from '../../state/model-traits.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { budgetWords, fittingPreset } from './budget-words.ts';
import { readBytes } from './typed-bytes.ts';
import { useDraft } from './use-draft.ts';

/** What the output should weigh at most, how the plan stands to it, and what would fit. */
export function BudgetLine({ plan }: { plan: PlanSummary }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const budget = useSession(({ budgetBytes }) => budgetBytes);
  const words = budget === null ? null : budgetWords(plan.byteLength, plan.exact, budget);
  return (
    <div className="budget">
      <span className="tick" aria-hidden="true" />
      <span>budget</span>
      <BudgetField budget={budget} input={input} wordsId={id} />
      {words && (
        <span className={words.over ? 'bad row' : 't3 row'} id={id}>
          {words.over && <Icon name="warn" small />}
          {words.text}
        </span>
      )}
      {words?.over && budget !== null && (
        // The button goes once it fits.
        <Fitting budget={budget} onTaken={() => input.current?.focus()} />
      )}
    </div>
  );
}

interface FieldProps {
  readonly budget: number | null;
  readonly input: RefObject<HTMLInputElement | null>;
  /** Of the element that says how the plan stands to the budget. */
  readonly wordsId: string;
}

function BudgetField({ budget, input, wordsId }: FieldProps) {
  const studio = useStudio();
  const id = useId();
  const { problem, field } = useDraft<number | null>(
    budget === null ? '' : formatBytes(budget),
    (text) => (text.trim() === '' ? { value: null } : readBytes(text)),
    (typed) => setBudget(studio, typed),
  );
  return (
    <>
      <input
        {...field}
        ref={input}
        placeholder="none"
        aria-label="Budget"
        title={budget === null ? 'A size such as 25 MB' : formatExactBytes(budget)}
        aria-describedby={problem === null ? wordsId : id}
      />
      {problem !== null && (
        <span className="bad" id={id} aria-live="polite">
          {problem}
        </span>
      )}
    </>
  );
}

function Fitting({ budget, onTaken }: { budget: number; onTaken: () => void }) {
  const studio = useStudio();
  const target = useSession(({ recipe }) => recipe.target);
  const plans = useSession(({ presetPlans }) => presetPlans[target]);
  const model = useSession((session) => session.model);
  const offer = fittingPreset(plans, target, traitsOf(model), budget);
  if (!offer) return null;
  const { preset, label } = offer;
  if (preset === null) return <span className="t3">{label}</span>;
  return (
    <button
      type="button"
      className="fix"
      onClick={() => {
        choosePreset(studio, preset);
        onTaken();
      }}
    >
      {label}
    </button>
  );
}
