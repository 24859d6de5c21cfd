import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { RunReport } from '../report/report.ts';
import { selectRun } from './compare.ts';
import { compress } from './compress.ts';
import { exportRecipe, setSeed } from './edit-recipe.ts';
import { download, exportCsv, exportReport } from './hand-out.ts';
import { traitsOf } from './model-traits.ts';
import { updateSession } from './store.ts';
import { model } from './testing/minilm.ts';
import { engineHandlers } from './testing/minilm-workers.ts';
import { openedStudio } from './testing/open-studio.ts';
import { offerRepository } from './use-file.ts';

test('a run that is wrong somewhere is downloaded only at the second word', async () => {
  const engine = engineHandlers({ stepMs: 0 });
  const { studio, saved, session } = await openedStudio(
    {},
    {
      measure: async (args, options) => {
        const measured = await engine.measure?.(args, options);
        if (!measured) throw new Error('no answer');
        const measurements = measured.measurements.map((it) => ({
          ...it,
          truth: it.truth && { ...it.truth, verdict: 'fails' as const, failure: 'cosine 0.2' },
        }));
        return { ...measured, measurements };
      },
    },
  );
  await compress(studio);
  await download(studio);
  expect(saved.size).toBe(0);
  expect(session().downloadToConfirm).toBe(session().selectedRunId);
  await download(studio, { anyway: true });
  expect([...saved.keys()]).toEqual(['sentiment-minilm.int4-block-32-int8-embeddings.onnx']);
});

test('reports, tables and recipes leave as files', async () => {
  const { studio, saved } = await openedStudio();
  await compress(studio);
  await exportReport(studio);
  await exportCsv(studio);
  exportRecipe(studio);
  const text = async (ending: string) => {
    const name = [...saved.keys()].find((it) => it.endsWith(ending));
    return (await saved.get(name ?? '')?.text()) ?? '';
  };
  const report: RunReport = JSON.parse(await text('.report.json'));
  expect(report.model.sha256).toHaveLength(64);
  expect(await text('.runs.csv')).toContain(
    'Method Name,Model Size,Average Inference Time,Accuracy',
  );
  expect(JSON.parse(await text('.recipe.json'))).toEqual(
    presetRecipe('close', 'webgpu', traitsOf(model)),
  );
});

test('a download says which of the files that were opened go with it', async () => {
  const { studio } = await openedStudio();
  const files = ['m/model.onnx', 'm/tokenizer.json', 'm/test.csv'].map((path) => ({
    path,
    blob: new Blob([path]),
  }));
  updateSession(studio, model.id, () => ({ files }));
  await compress(studio);
  await download(studio);
  expect(studio.store.getState().notice?.text).toMatch(/ Keep beside it: tokenizer\.json\.$/);
});

test('the selected run has the first wish for a name in the folder', async () => {
  const { studio, session } = await openedStudio();
  await compress(studio);
  setSeed(studio, 2);
  await compress(studio);
  const [, first, second] = session().runs;
  if (!first || !second) throw new Error('two runs');
  for (const { id } of [second, first]) {
    selectRun(studio, id);
    offerRepository(studio);
    const { handOver } = studio.store.getState();
    if (handOver?.kind !== 'repository') throw new Error('a folder is offered');
    const chosen = handOver.choices.filter((it) => it.chosen).map(({ runId }) => runId);
    expect(chosen).toEqual([id]);
    expect(handOver.hasConfig).toBe(false);
  }
});

test('selecting a run takes back a download that waits', async () => {
  const { studio, session } = await openedStudio();
  selectRun(studio, 'baseline');
  expect(session().downloadToConfirm).toBeNull();
});

test('an output of several files leaves as one zip of all of them', async () => {
  const engine = engineHandlers({ stepMs: 0 });
  const files = ['model.onnx', 'model.onnx_data'].map((path) => ({ path, blob: new Blob([path]) }));
  const { studio, saved } = await openedStudio(
    { bundle: ([given]) => new Blob([given.map(({ path }) => path).join()]) },
    {
      compress: async (args, options) => {
        const compressed = await engine.compress?.(args, options);
        if (!compressed) throw new Error('no answer');
        return { ...compressed, files };
      },
    },
  );
  await compress(studio);
  await download(studio);
  const [[name = '', blob] = []] = [...saved];
  expect(name).toBe('sentiment-minilm.int4-block-32-int8-embeddings.zip');
  expect(await blob?.text()).toBe(
    'sentiment-minilm.int4-block-32-int8-embeddings.onnx,model.onnx_data',
  );
});
