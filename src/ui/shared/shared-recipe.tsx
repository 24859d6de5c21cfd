import { useState } from 'react';
import { isActive } from '../../catalog/show-option.ts';
import { TARGETS } from '../../catalog/targets.ts';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import { compactJson } from '../../core/compact-json.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Step } from '../../recipe/recipe.ts';
import { recipeToJson } from '../../recipe/recipe-json.ts';
import { formatBytes, formatCount } from '../../report/format.ts';
import type { StepSummary } from '../../report/plan-summary.ts';
import { saveRecipe } from '../../state/edit-recipe.ts';
import { takeSharedRecipe } from '../../state/shared.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { Panel } from '../panel.tsx';
import { optionWords } from '../recipe/option-words.ts';
import { whereWords } from '../recipe/where-words.ts';
import { useStudio } from '../studio-context.tsx';
import { useShared } from './use-shared.ts';

/** Their recipe, to be read and taken. */
export function SharedRecipe() {
  const studio = useStudio();
  const recipe = useShared(({ result }) => result.run.recipe);
  const steps = useShared(({ result }) => result.steps);
  return (
    <Panel
      name="Recipe"
      sub="shared, read only"
      actions={
        <IconButton icon="export" name="Export recipe" onClick={() => saveRecipe(studio, recipe)} />
      }
    >
      <div className="shared-body">
        <h3 className="name any">{recipe.name}</h3>
        <dl className="kv">
          <dt>Target</dt>
          <dd>{TARGETS[recipe.target].label}</dd>
          <dt>Seed</dt>
          <dd>{recipe.seed}</dd>
        </dl>
        {recipe.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place
          <StepToRead key={index} step={step} index={index} did={steps?.[index] ?? null} />
        ))}
        {recipe.steps.length === 0 && <p className="s12 t2">No steps: the file stays as it is.</p>}
        <h3 className="sh">Recipe as JSON</h3>
        {/* biome-ignore-start lint/a11y: it may scroll sideways, so keys must reach it, by a name */}
        <pre className="json" role="region" aria-label="Steps as JSON" tabIndex={0}>
          {compactJson(JSON.parse(recipeToJson(recipe)), 50)}
        </pre>
        {/* biome-ignore-end lint/a11y: as above */}
        <div>
          <button type="button" className="btn" onClick={() => takeSharedRecipe(studio)}>
            Use this recipe on another model
          </button>
        </div>
      </div>
    </Panel>
  );
}

interface Props {
  readonly step: Step;
  readonly index: number;
  /** What it did to their model; null if the link does not say. */
  readonly did: StepSummary | null;
}

function StepToRead({ step, index, did }: Props) {
  const [open, setOpen] = useState(false);
  const technique = TECHNIQUES[step.technique];
  const values = resolveOptions(step);
  const active = technique.options.filter((spec) => isActive(spec, values));
  const named = (level: 'main' | 'advanced') =>
    optionWords(
      active.filter((spec) => spec.level === level),
      values,
    );
  const name = `${index + 1}. ${technique.label}`;
  return (
    <article className="card to-read" aria-label={`Step ${index + 1}: ${technique.label}`}>
      <div className="row">
        <FamilyMark family={technique.family} />
        <h4 className="grow b">
          {name}
          {step.enabled === false && <span className="t3">, left out</span>}
        </h4>
        <button
          type="button"
          className="fold"
          aria-expanded={open}
          aria-label={`More of ${name}`}
          onClick={() => setOpen(!open)}
        >
          <Icon name="right" small />
        </button>
      </div>
      <p className="s12">{named('main')}</p>
      <p className="s12 t2 any">
        {whereWords(step.where)}
        {did && did.weightCount > 0 && <Did did={did} />}
      </p>
      {open && (
        <p className="s12 t2">
          {named('advanced')}
          {named('advanced') && '. '}
          {technique.summary}{' '}
          <a className="nowrap" href={technique.paper.url} target="_blank" rel="noreferrer">
            {technique.paper.label}
          </a>
        </p>
      )}
    </article>
  );
}

const Did = ({ did: { weightCount, bytesBefore, bytesAfter } }: { did: StepSummary }) => (
  <>
    : {formatCount(weightCount)} {weightCount === 1 ? 'weight' : 'weights'},{' '}
    <span className="nowrap">
      {formatBytes(bytesBefore)} → {formatBytes(bytesAfter)}
    </span>
  </>
);
