/**
 * The five starting points, named by their aim. Each is a recipe for the target and for the kinds of
 * weights that the model has, so that its name says what it does there.
 */
import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import {
  ANY_MODEL,
  groupsOf,
  type ModelTraits,
  OPERATOR_GROUPS,
  type OperatorGroup,
} from './model-traits.ts';
import { resolveOptions } from './options.ts';
import type { Recipe, Step } from './recipe.ts';

const IDS = ['half', 'fast-wasm', 'close', 'smallest', 'hybrid'] as const;

export type PresetId = (typeof IDS)[number];

export type PresetLabel =
  | 'Half the bytes'
  | 'Faster on WASM'
  | 'Small, stays close'
  | 'Smallest'
  | 'Even smaller, faster';

export interface Preset {
  readonly id: PresetId;
  readonly label: PresetLabel;
  /** What it does to this model, in a few words; also the name of the recipe. */
  readonly caption: (target: TargetId, traits?: ModelTraits) => string;
}

type Options = Readonly<Record<string, OptionValue>>;

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

const preset = (id: PresetId, label: PresetLabel): Preset => ({
  id,
  label,
  caption: (target, traits) => presetRecipe(id, target, traits).name,
});

export const PRESETS: readonly Preset[] = [
  preset('half', 'Half the bytes'),
  preset('fast-wasm', 'Faster on WASM'),
  preset('close', 'Small, stays close'),
  preset('smallest', 'Smallest'),
  preset('hybrid', 'Even smaller, faster'),
];

/**
 * A fresh recipe for `target`; "Faster on WASM" always targets WASM. Without `traits` it serves
 * weights of every kind.
 */
export function presetRecipe(
  id: PresetId,
  target: TargetId,
  traits: ModelTraits = ANY_MODEL,
): Recipe {
  const own = id === 'fast-wasm' ? 'wasm' : target;
  const { name, steps } = planOf(id, own, traits);
  return { format: 'whittle-recipe', version: 1, name, target: own, seed: 1, steps };
}

type Plan = Pick<Recipe, 'name' | 'steps'>;

function planOf(id: PresetId, target: TargetId, traits: ModelTraits): Plan {
  const groups = usedGroups(id, traits);
  switch (id) {
    case 'half': {
      if (!traits.mostly16Bit) {
        return { name: 'fp16 weights', steps: [{ technique: 'fp16', options: {} }] };
      }
      const options = int8(target);
      const name = target === 'webgpu' ? 'int8 block 32' : 'int8 per channel';
      return { name, steps: twoSteps(groups, options, options) };
    }
    case 'fast-wasm':
      return { name: 'int8 dynamic', steps: twoSteps(groups, INT8_CHANNEL, INT8_CHANNEL) };
    case 'close': {
      const matrices = closeInt4(target);
      const name = nameOf(groups, `int4 block ${matrices.blockSize}`, 'int8');
      return { name, steps: twoSteps(groups, matrices, int8(target)) };
    }
    case 'smallest': {
      const matrices = smallInt4(target);
      const name = nameOf(groups, `int4 block ${matrices.blockSize}`, 'int4');
      return { name, steps: twoSteps(groups, matrices, INT4_BLOCK_64) };
    }
    case 'hybrid':
      return hybridPlan(groups, target);
  }
}

/**
 * Fewer units, refitted to the calibration rows, and few bits for what stays. `npm run choose` found
 * the shares, on a sentence classifier of 91 MB: it leaves 0.096 of the bytes.
 */
function hybridPlan(groups: readonly OperatorGroup[], target: TargetId): Plan {
  const has = (group: OperatorGroup) => groups.includes(group);
  const opOf = (group: OperatorGroup) => ({ op: OPERATOR_GROUPS[group] });
  const reshape: readonly Step[] = [
    ...(has('matrices')
      ? [
          { technique: 'cut-neurons' as const, options: { share: 0.5, scope: 'global' } },
          { technique: 'cut-heads' as const, options: { share: 0.35, scope: 'global' } },
        ]
      : []),
    ...(has('convolutions')
      ? [{ technique: 'cut-channels' as const, options: { share: 0.5 } }]
      : []),
  ];
  const others = groups.filter((group) => group === 'convolutions' || group === 'recurrent');
  // DequantizeLinear, which is what portable runtimes have, knows no palettes.
  const isPortable = target === 'portable';
  const tables: Step = {
    where: opOf('embeddings'),
    ...(isPortable
      ? { technique: 'rtn', options: INT4_BLOCK_128 }
      : { technique: 'palettize', options: { bits: 3, channels: 1 } }),
  };
  const quantize: readonly Step[] = [
    ...(has('matrices')
      ? [
          {
            technique: 'gptq' as const,
            where: opOf('matrices'),
            options: { ...closeInt4(target), rows: 512 },
          },
        ]
      : []),
    ...(others.length > 0
      ? [
          {
            technique: 'rtn' as const,
            where: { op: others.flatMap((it) => OPERATOR_GROUPS[it]) },
            options: int8(target),
          },
        ]
      : []),
    ...(has('embeddings') ? [tables] : []),
  ];
  const cut = [
    ...(has('matrices') ? ['neurons and heads'] : []),
    ...(has('convolutions') ? ['channels'] : []),
  ];
  const words = [
    ...(cut.length > 0 ? [`fewer ${cut.join(', ')}`] : []),
    ...(has('matrices') ? ['GPTQ int4'] : []),
    ...(others.length > 0 ? ['int8'] : []),
    ...(has('embeddings') ? [isPortable ? 'int4 block 128 embeddings' : '3 bit embeddings'] : []),
  ];
  return { name: words.join(' + '), steps: [...reshape, ...quantize] };
}

/** Groups of the model that the preset acts on; every one that it knows if the model has none. */
function usedGroups(id: PresetId, traits: ModelTraits): readonly OperatorGroup[] {
  // DequantizeLinear before recurrent weights takes its time at every run: no part of what is fast.
  const known = (group: OperatorGroup) => id !== 'fast-wasm' || group !== 'recurrent';
  const own = groupsOf(traits).filter(known);
  return own.length > 0 ? own : groupsOf(ANY_MODEL).filter(known);
}

function twoSteps(
  groups: readonly OperatorGroup[],
  matrices: Options,
  others: Options,
): readonly Step[] {
  const rest = groups.filter((group) => group !== 'matrices');
  const step = (own: readonly OperatorGroup[], options: Options): readonly Step[] =>
    own.length === 0
      ? []
      : [{ technique: 'rtn', where: { op: own.flatMap((it) => OPERATOR_GROUPS[it]) }, options }];
  return [
    ...step(groups.includes('matrices') ? ['matrices'] : [], matrices),
    ...step(rest, others),
  ];
}

/** "int4 block 32 + int8 embeddings". */
function nameOf(groups: readonly OperatorGroup[], matrices: string, others: string): string {
  const rest = groups.filter((group) => group !== 'matrices');
  const [only] = rest;
  const words =
    only === undefined ? [] : [`${others} ${rest.length > 1 ? 'rest' : GROUP_WORDS[only]}`];
  return [...(groups.includes('matrices') ? [matrices] : []), ...words].join(' + ');
}

const GROUP_WORDS: Readonly<Record<OperatorGroup, string>> = {
  matrices: 'matrices',
  embeddings: 'embeddings',
  convolutions: 'convolutions',
  recurrent: 'recurrent weights',
};

/**
 * The preset whose recipe does the same as this one, given or defaulted options alike; null if
 * none does. Where two do, the recipe's name decides, then their order.
 */
export function matchingPreset(recipe: Recipe, traits: ModelTraits = ANY_MODEL): PresetId | null {
  const own = (id: PresetId) => presetRecipe(id, recipe.target, traits);
  const alike = IDS.filter((id) => sameEffect(own(id), recipe));
  return alike.find((id) => own(id).name === recipe.name) ?? alike[0] ?? null;
}

const sameEffect = (a: Recipe, b: Recipe): boolean =>
  a.target === b.target &&
  a.steps.length === b.steps.length &&
  a.steps.every((step, index) => effect(step) === effect(b.steps[index]));

const effect = (step: Step | undefined): string =>
  JSON.stringify(
    step && [step.technique, step.where ?? {}, step.enabled ?? true, resolveOptions(step)],
  );
