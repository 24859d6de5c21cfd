/** The four starting points, named by their aim. Each is a fixed recipe of two steps a target. */
import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import { resolveOptions } from './options.ts';
import type { Recipe, Step } from './recipe.ts';

const IDS = ['half', 'fast-wasm', 'close', 'smallest'] as const;

export type PresetId = (typeof IDS)[number];

export type PresetLabel = 'Half the bytes' | 'Faster on WASM' | 'Small, stays close' | 'Smallest';

export interface Preset {
  readonly id: PresetId;
  readonly label: PresetLabel;
  /** The technique in a few words; also the name of the recipe. */
  readonly caption: (target: TargetId) => string;
}

type Options = Readonly<Record<string, OptionValue>>;

interface Plan {
  readonly name: string;
  readonly target: TargetId;
  readonly matrices: Options;
  /** Of embeddings, convolutions and recurrent weights. */
  readonly others: Options;
}

const INT8_BLOCK_32 = { bits: 8, blockSize: 32, symmetric: true };
const INT8_CHANNEL = { bits: 8, blockSize: 'channel', symmetric: true };
const INT4_BLOCK_32 = { bits: 4, blockSize: 32, symmetric: true };
const INT4_BLOCK_64 = { bits: 4, blockSize: 64, symmetric: true };
const INT4_BLOCK_128 = { bits: 4, blockSize: 128, symmetric: true };

/** On WebGPU other blocks than 32 fall to a slow kernel, and one scale a channel has none. */
const int8 = (target: TargetId): Options => (target === 'webgpu' ? INT8_BLOCK_32 : INT8_CHANNEL);

const closeInt4 = (target: TargetId) => (target === 'portable' ? INT4_BLOCK_64 : INT4_BLOCK_32);

/** On WASM blocks unpack at load whatever their size; the native kernel has one for each. */
const smallInt4 = (target: TargetId) => (target === 'webgpu' ? INT4_BLOCK_32 : INT4_BLOCK_128);

const PLANS: Readonly<Record<PresetId, (target: TargetId) => Plan>> = {
  half: (target) => ({
    name: target === 'webgpu' ? 'int8 block 32' : 'int8 per channel',
    target,
    matrices: int8(target),
    others: int8(target),
  }),
  'fast-wasm': () => ({
    name: 'int8 dynamic',
    target: 'wasm',
    matrices: INT8_CHANNEL,
    others: INT8_CHANNEL,
  }),
  close: (target) => ({
    name: `int4 block ${closeInt4(target).blockSize} + int8 embeddings`,
    target,
    matrices: closeInt4(target),
    others: int8(target),
  }),
  smallest: (target) => ({
    name: `int4 block ${smallInt4(target).blockSize} + int4 embeddings`,
    target,
    matrices: smallInt4(target),
    others: INT4_BLOCK_64,
  }),
};

const CONVOLUTIONS = ['Conv', 'ConvTranspose'];
/** DequantizeLinear before them takes its time at every run: no part of what is to be fast. */
const RECURRENT = ['LSTM', 'GRU'];

const preset = (id: PresetId, label: PresetLabel): Preset => ({
  id,
  label,
  caption: (target) => PLANS[id](target).name,
});

export const PRESETS: readonly Preset[] = [
  preset('half', 'Half the bytes'),
  preset('fast-wasm', 'Faster on WASM'),
  preset('close', 'Small, stays close'),
  preset('smallest', 'Smallest'),
];

/** A fresh recipe for `target`; "Faster on WASM" always targets WASM. */
export function presetRecipe(id: PresetId, target: TargetId): Recipe {
  const plan = PLANS[id](target);
  const recurrent = id === 'fast-wasm' ? [] : RECURRENT;
  const others = ['Gather', ...CONVOLUTIONS, ...recurrent];
  return {
    format: 'whittle-recipe',
    version: 1,
    name: plan.name,
    target: plan.target,
    seed: 1,
    steps: [
      { technique: 'rtn', where: { op: ['MatMul', 'Gemm'] }, options: plan.matrices },
      { technique: 'rtn', where: { op: others }, options: plan.others },
    ],
  };
}

/**
 * The preset whose recipe does the same as this one, given or defaulted options alike; null if
 * none does. Where two do (on WASM), the recipe's name decides, then their order.
 */
export function matchingPreset(recipe: Recipe): PresetId | null {
  const alike = IDS.filter((id) => sameEffect(presetRecipe(id, recipe.target), recipe));
  const named = alike.find((id) => presetRecipe(id, recipe.target).name === recipe.name);
  return named ?? alike[0] ?? null;
}

const sameEffect = (a: Recipe, b: Recipe): boolean =>
  a.target === b.target &&
  a.steps.length === b.steps.length &&
  a.steps.every((step, index) => effect(step) === effect(b.steps[index]));

const effect = (step: Step | undefined): string =>
  JSON.stringify(step && [step.technique, step.where ?? {}, resolveOptions(step)]);
