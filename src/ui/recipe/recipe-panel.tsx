import { isTargetId, TARGETS } from '../../catalog/targets.ts';
import { chooseTarget } from '../../state/edit-recipe.ts';
import { Glossed } from '../glossed.tsx';
import { Panel } from '../panel.tsx';
import { Segmented } from '../segmented.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { AddStep } from './add-step.tsx';
import { LeftAlone } from './left-alone.tsx';
import { PlanFoot } from './plan-foot.tsx';
import { PresetGrid } from './preset-grid.tsx';
import { RecipeActions } from './recipe-actions.tsx';
import { RecipeName } from './recipe-name.tsx';
import { StepCard } from './step-card.tsx';
import { useStepKeys } from './step-keys.ts';
import { Warnings } from './warnings.tsx';

export function RecipePanel() {
  const steps = useSession(({ recipe }) => recipe.steps);
  const keys = useStepKeys(steps);
  return (
    <Panel name="Recipe" sub={<RecipeName />} actions={<RecipeActions />}>
      <div className="steps">
        <TargetChoice />
        <PresetGrid />
        {steps.map((step, index) => (
          <StepCard key={keys[index]} step={step} index={index} />
        ))}
        {steps.length === 0 && <p className="s12 t2">No steps: the file stays as it is.</p>}
        <Warnings step={null} />
        <div className="adding">
          <AddStep />
        </div>
      </div>
      <LeftAlone />
      <PlanFoot />
    </Panel>
  );
}

function TargetChoice() {
  const studio = useStudio();
  const target = useSession(({ recipe }) => recipe.target);
  return (
    <div className="row target-row">
      <span className="s12 t2 label">Target</span>
      <div className="grow">
        <Segmented
          name="Target"
          value={target}
          choices={Object.values(TARGETS).map(({ id, label }) => ({ value: id, label }))}
          onChange={(id) => {
            if (isTargetId(id)) chooseTarget(studio, id);
          }}
          fullWidth
        />
      </div>
      <p className="s11 t3 target-help">
        <Glossed text={TARGETS[target].summary} />
      </p>
    </div>
  );
}
