/** Runs whose layers shared what went: planned again from what their rows say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunOnFile } from '../bridge/protocol.ts';
import { compress } from '../engine/compress.ts';
import { correlatedCalibrator } from '../engine/testing/correlated-calibrator.ts';
import { openedModel, recipeOf } from '../engine/testing/opened-sample.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { dimsLeft } from '../report/weight-values.ts';
import { weightOfRun } from './run-plan.ts';
import type { Session } from './sessions.ts';

const open = await openedModel(
  new Blob([readFileSync('public/samples/sentiment-tiny/model.onnx')]),
);
const session: Session = { model: open.model, weights: open.weights, files: [], mapping: null };
const DOWN = open.weights.filter(({ label }) => /\d\.output\.dense$/.test(label));
const [dear] = DOWN;
const whole = dear?.tensor.dims[0] ?? 0;

test('a layer that keeps all of its units is where the run has it, and so are the others', async () => {
  const recipe = recipeOf(
    'wasm',
    { technique: 'cut-neurons', options: { share: 0.1, scope: 'global' } },
    { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } },
  );
  const done = await compress(open, recipe, {
    signal: new AbortController().signal,
    executors: { acquire: async () => new CpuExecutor() },
    progress: () => {},
    calibrator: {
      ...correlatedCalibrator,
      divergence: async (_, { graph }) => {
        const width = graph.tensors.get(dear?.tensor.name ?? '')?.dims[0];
        return { value: width === whole ? 1e-6 : 1, measure: 'kl' };
      },
    },
  });
  const cutDims = dimsLeft(done.weights);
  expect(new Map(cutDims).has(dear?.name ?? '')).toBe(false);
  expect(cutDims.length).toBeGreaterThan(0);
  const run: RunOnFile = {
    ...{ runId: 'shared', files: done.files, payloads: null, recipe, failed: [] },
    ...{ ranks: [], cutDims, dropped: [], sqnrDb: null },
  };
  for (const { name, tensor } of DOWN) {
    const found = weightOfRun(session, name, run);
    expect(found?.item?.cut?.dims ?? tensor.dims).toEqual(
      new Map(cutDims).get(name) ?? tensor.dims,
    );
    expect(found).not.toBeNull();
  }
});
