import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { ModelPanel } from './model/model-panel.tsx';
import { ModelRail } from './model/model-rail.tsx';
import { Panes } from './panes.tsx';
import { RecipePanel } from './recipe/recipe-panel.tsx';
import { RefusedFile } from './refused-file.tsx';
import { ResultsPanel } from './results/results-panel.tsx';
import { useApp } from './studio-context.tsx';
import { Tabs } from './tabs.tsx';
import { focusPanel } from './use-keys.ts';
import { useStacked } from './use-stacked.ts';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Slider.css';
import '@mantine/core/styles/Splitter.css';
import './styles/panels.css';
import './styles/model.css';
import './styles/recipe.css';
import './styles/steps.css';
import './styles/fields.css';
import './styles/menus.css';
import './styles/mapping.css';
import './styles/chart.css';
import './styles/results.css';
import './styles/details.css';
import './styles/hardest.css';
import './styles/runs.css';

/** Model, Recipe, Results: side by side where there is room, else one under the other. */
export function Workbench() {
  const stacked = useStacked();
  const tight = useMediaQuery('(max-width: 1199px)', undefined, { getInitialValueInEffect: false });
  const [chosen, setChosen] = useState<boolean | null>(null);
  const opening = useApp((state) => state.opening);
  const collapsed = chosen ?? tight;
  useEffect(() => {
    // The card or button that opened the model is gone, and the focus with it.
    if (document.activeElement === document.body) focusPanel('Model');
  }, []);
  const refusal = opening.status === 'failed' ? <RefusedFile failure={opening.failure} /> : null;
  if (stacked) {
    return (
      <>
        <Tabs />
        <main className="bench">
          <ModelPanel />
          <RecipePanel />
          <ResultsPanel banner={refusal} />
        </main>
      </>
    );
  }
  return (
    <main className="bench">
      {collapsed && <ModelRail onExpand={() => setChosen(false)} />}
      <Panes
        key={collapsed ? 'two' : 'three'}
        model={collapsed ? null : <ModelPanel onCollapse={() => setChosen(true)} />}
        recipe={<RecipePanel />}
        results={<ResultsPanel banner={refusal} />}
      />
    </main>
  );
}
