/**
 * Of every technique, and of a few together: a run that is cancelled leaves nothing, wherever it is
 * cancelled, and the next one gives the bytes that any other gives.
 */
import { afterAll, expect, test, vi } from 'vitest';
import type { CompressProgress } from '../bridge/compress-calls.ts';
import { TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDevice } from '../gpu/open-device.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { executorsOn } from './testing/executors-on.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';
import { preNormNetwork } from './testing/pre-norm-network.ts';

vi.setConfig({ testTimeout: 120_000 });

const gpu = await openDevice();
const executors = executorsOn(gpu);
afterAll(() => gpu[Symbol.dispose]());

const TEXT_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'calibration.csv'];
const sentiment = await sampleModel('sentiment-tiny');
const digits = await sampleModel('digits');
const beside = await Promise.all(
  TEXT_FILES.map(async (path) => ({
    path,
    blob: await (await fetch(`/samples/sentiment-tiny/${path}`)).blob(),
  })),
);

/** Opened anew, so that nothing is known of it. */
const OPEN = {
  'a small network': () => openedModel(new Blob([preNormNetwork()])),
  sentiment: async (): Promise<OpenModel> => {
    const files = [{ path: 'model.onnx', blob: sentiment }, ...beside];
    const model = await openOnnx(files);
    const dataset = await openDataset(files, model, { seed: 1 });
    return { model, weights: findWeights(model), dataset };
  },
  digits: () => openedModel(digits),
} as const;
type Sample = keyof typeof OPEN;

const step = (
  technique: TechniqueId,
  options: Step['options'] = {},
  where: Step['where'] = {},
): Step => ({ technique, options, where });
const four = { bits: 4, blockSize: 16 };

interface Case {
  readonly name: string;
  readonly sample: Sample;
  readonly steps: readonly Step[];
}
/** What the defaults would do nothing with, or nothing to the small network. */
const SPECIAL: Partial<Record<TechniqueId, readonly [Sample, ...Step[]]>> = {
  'cut-neurons': ['a small network', step('cut-neurons', { rows: 8 })],
  'cut-heads': ['sentiment', step('cut-heads', { share: 0.5, rows: 8 })],
  'cut-channels': ['digits', step('cut-channels', { rows: 8 }, { name: 'wide*' })],
  svd: ['a small network', step('svd', { by: 'rank', rank: 4 })],
  asvd: ['a small network', step('asvd', { by: 'rank', rank: 4 })],
  residual: ['a small network', step('rtn', four), step('residual', { rank: 4 })],
};
const ALONE = Object.values(TECHNIQUES).map(({ id, family }): Case => {
  const technique = id as TechniqueId;
  const usual: Sample = family === 'reshape' ? 'sentiment' : 'a small network';
  const [sample, ...steps] = SPECIAL[technique] ?? [usual, step(technique)];
  return { name: id, sample, steps };
});
const TOGETHER: readonly Case[] = [
  {
    name: 'cut-neurons + gptq',
    sample: 'a small network',
    steps: [step('cut-neurons', { rows: 8 }), step('gptq', four)],
  },
  {
    name: 'cut-neurons over all layers',
    sample: 'sentiment',
    steps: [step('cut-neurons', { rows: 8, scope: 'global' })],
  },
  {
    name: 'vocabulary + palettize',
    sample: 'sentiment',
    steps: [step('vocabulary'), step('palettize', { bits: 2 }, { op: 'Gemm' })],
  },
];

test.each([...ALONE, ...TOGETHER])(
  '$name: cancelled at any stage, it gives the same again',
  async ({ sample, steps }) => {
    const recipe = recipeOf('wasm', ...steps);
    const attempt = async (open: OpenModel, isDue: (message: CompressProgress) => boolean) => {
      const abort = new AbortController();
      const told: CompressProgress[] = [];
      const progress = (message: CompressProgress) => {
        told.push(message);
        if (isDue(message)) abort.abort();
      };
      const context = { executors, progress, signal: abort.signal, calibrator: runtimeCalibrator };
      return { told, compressed: compress(open, recipe, context) };
    };
    const hashed = async (open: OpenModel) => {
      const { told, compressed } = await attempt(open, () => false);
      const { files, weights, partial } = await compressed;
      expect(partial).toBe(false);
      return { told, weights, hashes: await Promise.all(files.map(({ blob }) => sha256(blob))) };
    };
    const first = await hashed(await OPEN[sample]());
    for (const { technique } of steps) {
      expect(
        first.weights.some((row) => row.technique?.split(' + ').includes(technique)),
        technique,
      ).toBe(true);
    }

    const open = await OPEN[sample]();
    const held = heldBytes();
    const moments = first.told.filter(
      ({ stage, done, total }, at) =>
        first.told.findIndex((it) => it.stage === stage && it.done === done) === at &&
        (done === 0 || (stage === 'compress' && (done === 1 || done === total))),
    );
    expect(moments.length).toBeGreaterThan(0);
    for (const moment of moments) {
      const isDue = ({ stage, done }: CompressProgress) =>
        stage === moment.stage && done === moment.done;
      const { compressed } = await attempt(open, isDue);
      await expect(compressed).rejects.toMatchObject({ name: 'AbortError' });
      expect(heldBytes()).toBe(held);
    }
    expect((await hashed(open)).hashes).toEqual(first.hashes);
  },
);

/** Of buffers on the device now. */
function heldBytes(): number {
  gpu.restartPeak();
  return gpu.peakBufferBytes;
}

async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
