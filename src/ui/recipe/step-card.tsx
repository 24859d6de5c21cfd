import { type KeyboardEvent, memo } from 'react';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import type { Step } from '../../recipe/recipe.ts';
import { moveStep, setEnabled } from '../../state/edit-recipe.ts';
import { FamilyMark } from '../family-mark.tsx';
import { useStudio } from '../studio-context.tsx';
import { DragHandle } from './drag-handle.tsx';
import { focusStep, stepPart } from './focus-step.ts';
import { StepBody } from './step-body.tsx';
import { StepMenu } from './step-menu.tsx';
import { TechniquePicker } from './technique-picker.tsx';

/** One step, drawn from what the catalog says of its technique. */
export const StepCard = memo(function StepCard({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const technique = TECHNIQUES[step.technique];
  const stepName = `step ${index + 1}: ${technique.label}`;
  const { enabled = true } = step;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || (by !== -1 && by !== 1)) return;
    event.preventDefault();
    event.stopPropagation();
    focusStep(moveStep(studio, index, by), 'card');
  };
  return (
    <article
      className={enabled ? 'card' : 'card off'}
      aria-label={`Step ${index + 1}: ${technique.label}`}
      tabIndex={-1}
      onKeyDownCapture={onKeyDown}
      {...stepPart(index, 'card')}
    >
      <div className="hd">
        <DragHandle index={index} />
        <span className="stepno">{index + 1}</span>
        <FamilyMark family={technique.family} hollow={!enabled} />
        <TechniquePicker step={step} index={index} />
        <StepMenu index={index} stepName={stepName} />
      </div>
      {enabled ? (
        <StepBody step={step} index={index} stepName={stepName} />
      ) : (
        <div className="bd row between">
          <p className="s12 t3">Disabled: left out of plan and runs.</p>
          <button
            type="button"
            className="fix"
            aria-label={`Enable ${stepName}`}
            onClick={() => {
              setEnabled(studio, index, true);
              focusStep(index, 'card');
            }}
          >
            Enable
          </button>
        </div>
      )}
    </article>
  );
});
