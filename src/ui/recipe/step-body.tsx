import { useMemo, useState } from 'react';
import { isActive } from '../../catalog/show-option.ts';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Step } from '../../recipe/recipe.ts';
import { formatBytes, formatCount } from '../../report/format.ts';
import { setOption } from '../../state/edit-recipe.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { AdvancedOption } from './advanced-option.tsx';
import { OptionField } from './option-field.tsx';
import { optionWords } from './option-words.ts';
import { SelectionPicker } from './selection-picker.tsx';
import { SmallestWeight } from './smallest-weight.tsx';
import { alsoActing, planOfSteps, stepPlan } from './step-plan.ts';
import { Warnings } from './warnings.tsx';

interface Props {
  readonly step: Step;
  readonly index: number;
  readonly stepName: string;
}

/** What an enabled step does: its technique in a sentence, selection, options and warnings. */
export function StepBody({ step, index, stepName }: Props) {
  const studio = useStudio();
  const technique = TECHNIQUES[step.technique];
  // The card before it says what the technique is.
  const isExplained = useSession(
    ({ recipe }) => recipe.steps[index - 1]?.technique === step.technique,
  );
  const options = resolveOptions(step);
  const main = technique.options.filter((spec) => spec.level === 'main' && isActive(spec, options));
  return (
    <div className="bd">
      {!isExplained && (
        <p className="s12 t2">
          {technique.summary}{' '}
          <a className="nowrap" href={technique.paper.url} target="_blank" rel="noreferrer">
            {technique.paper.label}
          </a>
        </p>
      )}
      <SelectionPicker step={step} index={index} />
      {main.map((spec) => (
        <OptionField
          key={spec.key}
          spec={spec}
          value={options[spec.key] ?? spec.default}
          stepName={stepName}
          onChange={(value) => setOption(studio, index, spec.key, value)}
        />
      ))}
      <Rest step={step} index={index} stepName={stepName} />
      <Warnings step={index} />
    </div>
  );
}

/** The folded options, named by their values, and what the step does to the bytes. */
function Rest({ step, index, stepName }: Props) {
  const studio = useStudio();
  const [open, setOpen] = useState(false);
  const bytes = useSession((session) => stepPlan(session, index));
  const plan = useSession(planOfSteps);
  const together = useMemo(() => togetherWords(alsoActing(plan, index)), [plan, index]);
  const options = resolveOptions(step);
  const advanced = TECHNIQUES[step.technique].options.filter(
    (spec) => spec.level === 'advanced' && isActive(spec, options),
  );
  const words = [optionWords(advanced, options), smallestWords(step)].filter(Boolean).join(', ');
  return (
    <>
      <div className="row s12 between" style={{ marginTop: 4 }}>
        <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="right" small />
          <span className="ell">{words || 'More options'}</span>
        </button>
        {bytes && bytes.weightCount > 0 && (
          <span className="nowrap t2" title={together}>
            {formatBytes(bytes.bytesBefore)} →{' '}
            <b className="b" style={{ color: 'var(--text)' }}>
              {formatBytes(bytes.bytesAfter)}
            </b>
          </span>
        )}
      </div>
      {bytes && bytes.weightCount > 0 && together && <p className="s11 t3 num">{together}</p>}
      {open && (
        <div className="advanced">
          {advanced.map((spec) => (
            <AdvancedOption
              key={spec.key}
              spec={spec}
              value={options[spec.key] ?? spec.default}
              stepName={stepName}
              onChange={(value) => setOption(studio, index, spec.key, value)}
            />
          ))}
          <SmallestWeight step={step} index={index} />
        </div>
      )}
    </>
  );
}

/** "together with step 2, 3": their bytes are of the same weights. */
const togetherWords = (steps: readonly number[]): string | undefined =>
  steps.length === 0
    ? undefined
    : `together with ${steps.length === 1 ? 'step' : 'steps'} ${steps.map((step) => step + 1).join(', ')}`;

/** Said only where the recipe says it. */
const smallestWords = ({ where }: Step): string =>
  where?.minElements === undefined ? '' : `at least ${formatCount(where.minElements)} elements`;
