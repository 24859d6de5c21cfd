/** Links that leave: a result, or a recipe alone. What no link holds leaves as a file. */

import type { Recipe } from '../recipe/recipe.ts';
import { formatBytes } from '../report/format.ts';
import { packRecipe } from '../report/recipe-link.ts';
import type { RunReport } from '../report/report.ts';
import { packShared, type SharedResult, shareable, sharedToJson } from '../report/shared-result.ts';
import { fileSlug, fileTitle } from './file-slug.ts';
import { handOut, identityOf, selectedRun } from './hand-out.ts';
import { BASELINE_ID, type Run, toReport } from './run.ts';
import type { Session } from './state.ts';
import { notify, type Studio } from './store.ts';

/** Puts a link to the selected run into the clipboard: its figures, hashes and recipe. */
export async function copyShareLink(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const run = session && selectedRun(session);
  if (!session || !run) return;
  const { recipe } = run;
  if (!recipe) {
    notify(studio, 'warn', 'The original alone is no result. Select a run to share.');
    return;
  }
  await handOut(studio, async () => {
    const shared = await sharedResult(studio, session, run, recipe);
    const packed = packShared(shared);
    if (packed === null) {
      const fileName = `${fileTitle(session.model.title)}.${fileSlug(run.name)}.shared.json`;
      const content = new Blob([sharedToJson(shared)], { type: 'application/json' });
      studio.store.setState({ handOver: { kind: 'file', fileName, content } });
      return 'This result does not fit in a link of 8 KB. It can be saved as a file.';
    }
    const link = `${studio.effects.pageAddress()}#r=${packed}`;
    return copy(studio, link, 'the recipe, the numbers and the hashes. No model, no rows');
  });
}

/** Puts a link to the recipe in the panel into the clipboard. */
export async function copyRecipeLink(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  await handOut(studio, async () => {
    const link = `${studio.effects.pageAddress()}?recipe=${packRecipe(session.recipe)}`;
    return copy(studio, link, `the recipe ${session.recipe.name}, nothing else`);
  });
}

async function sharedResult(
  studio: Studio,
  session: Session,
  run: Run,
  recipe: Recipe,
): Promise<SharedResult> {
  const { desk } = studio;
  const { model, runs, mapping } = session;
  const identity = await identityOf(studio, session);
  const { steps } = await desk.call('plan', [model.id, recipe]);
  const original = runs.find(({ id }) => id === BASELINE_ID) ?? run;
  const baseline: RunReport = {
    ...toReport(original, identity),
    output: { ...original.output, files: await desk.call('hashModel', [model.id]) },
  };
  const reported = { ...toReport(run, identity), recipe };
  return shareable(model.title, baseline, reported, steps, mapping);
}

async function copy(studio: Studio, link: string, holds: string): Promise<string> {
  try {
    await studio.effects.copy(link);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    studio.store.setState({ handOver: { kind: 'copy', text: link } });
    return 'The browser keeps its clipboard closed. Copy the link by hand.';
  }
  return `Copied a link of ${formatBytes(link.length)}: ${holds}.`;
}

export function saveHandOver(studio: Studio): void {
  const { handOver } = studio.store.getState();
  if (handOver?.kind !== 'file') return;
  studio.effects.save(handOver.fileName, handOver.content);
  dismissHandOver(studio);
  notify(
    studio,
    'good',
    `Saved ${handOver.fileName}. Dropped on Whittle, it shows the same result.`,
  );
}

export const dismissHandOver = ({ store }: Studio): void => store.setState({ handOver: null });
