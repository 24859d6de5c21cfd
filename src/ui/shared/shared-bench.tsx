import { useMediaQuery } from '@mantine/hooks';
import { useEffect } from 'react';
import { Panes } from '../panes.tsx';
import { Tabs } from '../tabs.tsx';
import { SharedModel } from './shared-model.tsx';
import { SharedRecipe } from './shared-recipe.tsx';
import { SharedResults } from './shared-results.tsx';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Splitter.css';
import '../styles/panels.css';
import '../styles/recipe.css';
import '../styles/steps.css';
import '../styles/chart.css';
import '../styles/results.css';
import '../styles/shared.css';

/** A shared result: the model to be found, their recipe, their numbers and yours. */
export function SharedBench() {
  const stacked = useMediaQuery('(max-width: 899px)', undefined, {
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    // Whoever follows a link comes for the numbers, which stand below the rest here.
    if (stacked) document.getElementById('Results')?.scrollIntoView();
  }, [stacked]);
  if (stacked) {
    return (
      <>
        <Tabs />
        <main className="bench">
          <SharedModel />
          <SharedRecipe />
          <SharedResults />
        </main>
      </>
    );
  }
  return (
    <main className="bench">
      <Panes model={<SharedModel />} recipe={<SharedRecipe />} results={<SharedResults />} />
    </main>
  );
}
