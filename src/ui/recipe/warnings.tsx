import { useMemo } from 'react';
import { fixedRecipe } from '../../recipe/fix.ts';
import type { PlanWarning } from '../../report/plan-summary.ts';
import { takeFix } from '../../state/edit-recipe.ts';
import { Glossed } from '../glossed.tsx';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { focusStep } from './focus-step.ts';
import { planOfSteps } from './step-plan.ts';

/** What the plan warns of at a step, or of no single one (null), each with the edit that mends it. */
export function Warnings({ step }: { step: number | null }) {
  const warnings = useSession((session) => planOfSteps(session)?.warnings);
  const own = warnings?.filter((warning) => warning.step === step) ?? [];
  const offered = new Set<string>();
  return own.map((warning) => {
    const label = warning.fix?.label;
    const isFirst = label !== undefined && !offered.has(label);
    if (label !== undefined) offered.add(label);
    return <Warning key={warning.message} warning={warning} withFix={isFirst} />;
  });
}

function Warning({ warning, withFix }: { warning: PlanWarning; withFix: boolean }) {
  const studio = useStudio();
  const { message, fix } = warning;
  const recipe = useSession((session) => session.recipe);
  const fits = useMemo(() => fix && fixedRecipe(recipe, fix) !== null, [recipe, fix]);
  return (
    <div className="note w" data-plan-warning tabIndex={-1}>
      <Icon name="warn" />
      <span className="grow">
        <Glossed text={message} />
        {fix && fits && withFix && (
          <>
            {' '}
            <button
              type="button"
              className="fix"
              aria-label={
                warning.step === null ? fix.label : `${fix.label}, step ${warning.step + 1}`
              }
              onClick={() => {
                const added = takeFix(studio, fix);
                // The button goes with what it mends.
                focusStep(added ?? warning.step, 'card');
              }}
            >
              {fix.label}
            </button>
          </>
        )}
      </span>
    </div>
  );
}
