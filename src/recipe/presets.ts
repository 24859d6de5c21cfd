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
  readonly embeddings: Options;
}

const INT8_BLOCK_32 = { bits: 8, blockSize: 32, symmetric: true };
const INT8_CHANNEL = { bits: 8, blockSize: 'channel', symmetric: true };
const INT4_BLOCK_32 = { bits: 4, blockSize: 32, symmetric: true };
const INT4_BLOCK_64 = { bits: 4, blockSize: 64, symmetric: true };
const INT4_BLOCK_128 = { bits: 4, blockSize: 128, symmetric: true };

const int8 = (target: TargetId): Options => (target === 'wasm' ? INT8_CHANNEL : INT8_BLOCK_32);

const PLANS: Readonly<Record<PresetId, (target: TargetId) => Plan>> = {
  half: (target) => ({
    name: target === 'wasm' ? 'int8 per channel' : 'int8 block 32',
    target,
    matrices: int8(target),
    embeddings: int8(target),
  }),
  'fast-wasm': () => ({
    name: 'int8 dynamic',
    target: 'wasm',
    matrices: INT8_CHANNEL,
    embeddings: INT8_CHANNEL,
  }),
  close: (target) => ({
    name: 'int4 block 32 + int8 embeddings',
    target,
    matrices: INT4_BLOCK_32,
    embeddings: int8(target),
  }),
  // On WebGPU other blocks than 32 fall to a slow kernel; on WASM they unpack at load all the same.
  smallest: (target) => ({
    name: `int4 block ${target === 'wasm' ? 128 : 32} + int4 embeddings`,
    target,
    matrices: target === 'wasm' ? INT4_BLOCK_128 : INT4_BLOCK_32,
    embeddings: INT4_BLOCK_64,
  }),
};

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
  return {
    format: 'whittle-recipe',
    version: 1,
    name: plan.name,
    target: plan.target,
    seed: 1,
    steps: [
      { technique: 'rtn', where: { op: ['MatMul', 'Gemm'] }, options: plan.matrices },
      { technique: 'rtn', where: { op: ['Gather'] }, options: plan.embeddings },
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
