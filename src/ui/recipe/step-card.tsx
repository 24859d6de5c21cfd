import { useId, useState } from 'react';
import { isTechniqueId, TECHNIQUES } from '../../catalog/techniques.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Step } from '../../recipe/recipe.ts';
import { formatBytes, formatCount } from '../../report/format.ts';
import { setOption, setSelection, setTechnique } from '../../state/edit-recipe.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { AdvancedOption } from './advanced-option.tsx';
import { OptionSlider } from './option-slider.tsx';
import { optionWords } from './option-words.ts';
import { selectionChoices, whereWords } from './where-words.ts';

/** One step, drawn from what the catalog says of its technique. */
export function StepCard({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const technique = TECHNIQUES[step.technique];
  const options = resolveOptions(step);
  const stepName = `step ${index + 1}: ${technique.label}`;
  const main = technique.options.filter(({ level }) => level === 'main');
  return (
    <article className="card" aria-label={`Step ${index + 1}: ${technique.label}`}>
      <div className="hd">
        <span className="stepno">{index + 1}</span>
        <FamilyMark family={technique.family} />
        <TechniquePicker step={step} index={index} />
      </div>
      <div className="bd">
        <p className="s12 t2">
          {technique.summary}{' '}
          <a href={technique.paper.url} target="_blank" rel="noreferrer">
            {technique.paper.label}
          </a>
        </p>
        <SelectionPicker step={step} index={index} />
        {main.map((spec) => {
          const value = options[spec.key] ?? spec.default;
          const change = (next: typeof value) => setOption(studio, index, spec.key, next);
          const props = { value, stepName, onChange: change };
          return spec.kind === 'choice' ? (
            <OptionSlider key={spec.key} spec={spec} {...props} />
          ) : (
            <AdvancedOption key={spec.key} spec={spec} {...props} />
          );
        })}
        <Rest step={step} index={index} stepName={stepName} />
        <Warnings index={index} />
      </div>
    </article>
  );
}

/** A title while there is one technique, a list when there are more. */
function TechniquePicker({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const all = Object.values(TECHNIQUES);
  if (all.length === 1) return <h3>{TECHNIQUES[step.technique].label}</h3>;
  return (
    <select
      className="select"
      aria-label={`Technique, step ${index + 1}`}
      value={step.technique}
      onChange={(event) => {
        const id = event.currentTarget.value;
        if (isTechniqueId(id)) setTechnique(studio, index, id);
      }}
    >
      {all.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

function SelectionPicker({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const id = useId();
  const target = useSession(({ recipe }) => recipe.target);
  const count = useSession(({ planning }) => planning.plan?.steps[index]?.weightCount ?? null);
  const total = useSession(({ model }) => model.weights.length);
  const choices = selectionChoices(TECHNIQUES[step.technique], target, step.where);
  return (
    <div className="row pick">
      <label htmlFor={id}>Weights</label>
      <select
        id={id}
        className="select grow"
        aria-label={`Weights, step ${index + 1}`}
        value={whereWords(step.where)}
        onChange={(event) => {
          const choice = choices.find(({ label }) => label === event.currentTarget.value);
          if (choice) setSelection(studio, index, choice.where);
        }}
      >
        {choices.map(({ label }) => (
          <option key={label}>{label}</option>
        ))}
      </select>
      <span className="num t3">
        {count !== null && `${formatCount(count)} of ${formatCount(total)}`}
      </span>
    </div>
  );
}

interface RestProps {
  readonly step: Step;
  readonly index: number;
  readonly stepName: string;
}

/** The folded options, named by their values, and what the step does to the bytes. */
function Rest({ step, index, stepName }: RestProps) {
  const studio = useStudio();
  const [open, setOpen] = useState(false);
  const bytes = useSession(({ planning }) => planning.plan?.steps[index]);
  const options = resolveOptions(step);
  const advanced = TECHNIQUES[step.technique].options.filter(({ level }) => level === 'advanced');
  return (
    <>
      <div className="row s12 between" style={{ marginTop: 4 }}>
        {advanced.length > 0 && (
          <button
            type="button"
            className="fold"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Icon name="right" small />
            <span className="ell">{optionWords(advanced, options)}</span>
          </button>
        )}
        {bytes && bytes.weightCount > 0 && (
          <span className="nowrap t2">
            {formatBytes(bytes.bytesBefore)} →{' '}
            <b className="b" style={{ color: 'var(--text)' }}>
              {formatBytes(bytes.bytesAfter)}
            </b>
          </span>
        )}
      </div>
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
        </div>
      )}
    </>
  );
}

function Warnings({ index }: { index: number }) {
  const warnings = useSession(({ planning }) => planning.plan?.warnings);
  return warnings
    ?.filter(({ step }) => step === index)
    .map(({ message }) => (
      <div className="note w" key={message}>
        <Icon name="warn" />
        <span>{message}</span>
      </div>
    ));
}
