/**
 * What a person should know before running a plan, with the edit that mends it where one does; shown
 * on the step's card. What is said of speed was measured on onnxruntime-web 1.30.
 */
import type { EncodingRow, OptionFix, QuantizedChoice } from '../catalog/encodings.ts';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { Backend } from '../core/backend.ts';
import type { RecipeFix } from '../recipe/fix.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Skipped } from './choose-weight.ts';
import { codebookWarnings } from './codebook-warnings.ts';
import { optionFix } from './option-fix.ts';
import {
  type ChosenPart,
  looksAtInputs,
  type PlannedWeight,
  type StoredZeros,
} from './planned-weight.ts';
import { EXACT_IS_SLOW, type Said, SLOW_ON_WASM, WIDENED_AT_LOAD } from './said.ts';

export interface StepWarning {
  readonly step: number;
  readonly message: string;
  readonly fix?: RecipeFix;
  /** Forecasts the speed on that backend, which is measured later. */
  readonly forecast?: Backend;
}

/** Distinct warnings by step, in the order of steps. */
export function planWarnings(
  planned: readonly PlannedWeight[],
  skipped: readonly Skipped[],
  recipe: Recipe,
): readonly StepWarning[] {
  const seen = new Map<string, StepWarning>();
  const warn = (step: number, { message, fix, forecast: at }: Said) => {
    const edit = fix ? asEdit(recipe, step, fix) : null;
    const forecast = at === 'target' ? TARGETS[recipe.target].backend : at;
    seen.set(`${step} ${message}`, {
      ...{ step, message },
      ...(edit && { fix: edit }),
      ...(forecast && { forecast }),
    });
  };
  const blocks = blocksByStep(planned);
  for (const { parts, prune, residual, inputScaling } of planned) {
    for (const part of parts) {
      const { choice, stepIndex } = part;
      // How a residual is stored is chosen for it, and has no options of its own.
      if (stepIndex === null || stepIndex === residual?.stepIndex) continue;
      const own = blocks.get(stepIndex);
      const said =
        choice.kind === 'float'
          ? [WIDENED_AT_LOAD]
          : choice.kind === 'codebook'
            ? codebookWarnings(choice, recipe.target)
            : choiceWarnings(choice, part, recipe.target, own?.size === 1);
      for (const it of said) warn(stepIndex, it);
      if (part.part !== '' && looksAtInputs(part)) warn(stepIndex, FACTORS_UNSEEN);
      if (inputScaling !== null && hasChosenRange(choice)) warn(stepIndex, EXTREMES_OF_SCALED);
    }
    if (!prune) continue;
    const { spec, stepIndex, stored } = prune;
    warn(stepIndex, stored ? zerosStored(stored) : ZEROS_PACKED);
    if (spec.kind === 'unstructured' && spec.sparsity > MOST_WITHOUT_TRAINING) {
      warn(stepIndex, PRUNED_MUCH);
    }
  }
  for (const [step, { technique, options, enabled = true }] of recipe.steps.entries()) {
    const { share } = options;
    const cuts = enabled && TECHNIQUES[technique].family === 'reshape' && typeof share === 'number';
    if (cuts && share > MOST_WITHOUT_TRAINING) warn(step, CUT_MUCH);
  }
  for (const { step, count, reason, without = 'this step', fix } of bySkip(skipped)) {
    const message = `Without ${without}: ${count} ${count === 1 ? 'weight' : 'weights'}. ${reason}.`;
    warn(step, { message, ...(fix && { fix }) });
  }
  return [...seen.values()].sort((a, b) => a.step - b.step);
}

const asEdit = (recipe: Recipe, step: number, fix: NonNullable<Said['fix']>): RecipeFix | null =>
  'target' in fix
    ? { kind: 'target', target: fix.target, label: `Use target ${TARGETS[fix.target].label}` }
    : optionFix(recipe, step, fix);

/** The block sizes that a step's weights come to. */
function blocksByStep(planned: readonly PlannedWeight[]) {
  const blocks = new Map<number, Set<number | 'channel'>>();
  for (const { choice, stepIndex } of planned.flatMap(({ parts }) => parts)) {
    if (stepIndex === null || choice.kind !== 'quantized') continue;
    blocks.set(stepIndex, (blocks.get(stepIndex) ?? new Set()).add(choice.blockSize));
  }
  return blocks;
}

function bySkip(skipped: readonly Skipped[]) {
  const counts = new Map<string, Omit<Skipped, 'stepIndex'> & { step: number; count: number }>();
  for (const { stepIndex: step, ...skip } of skipped) {
    const key = `${step} ${skip.reason}`;
    counts.set(key, { step, ...skip, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return counts.values();
}

const FACTORS_UNSEEN: Said = {
  message: 'The inputs of factors are not seen: their codes are found by values alone.',
};

const hasChosenRange = (choice: ChosenPart['choice']): boolean =>
  choice.kind === 'quantized' && (choice.activation?.range ?? 'minmax') !== 'minmax';

const EXTREMES_OF_SCALED: Said = {
  message: 'Scaled inputs get the range of their extremes: only those are known of them.',
  fix: { key: 'range', value: 'minmax' },
};

const ZEROS_PACKED: Said = {
  message:
    'Zeros take one bit each in the file and are put back as it is loaded, which takes longer and more memory; no runtime here is faster for them.',
};
const zerosStored = ({ reason, fix }: StoredZeros): Said => ({
  message: `Zeros are stored like other values, because ${reason}: the file shrinks only when compressed (gzip), and no runtime here is faster for them.`,
  ...(fix && { fix }),
});
/** Magnitude alone loses LLaMA-7B's perplexity from about here (Sun 2023, figure 2). */
const MOST_WITHOUT_TRAINING = 0.6;
const PRUNED_MUCH: Said = {
  message: 'Over 60 % pruned by size alone, without training again, usually loses the answer.',
  fix: { key: 'sparsity', value: 0.5 },
};

const CUT_MUCH: Said = {
  message: 'Removing over 60 %, without training again, usually loses the answer: measure it.',
  fix: { key: 'share', value: 0.5 },
};

const USE_BLOCK_32: OptionFix = { key: 'blockSize', value: 32 };
const USE_CHANNEL: OptionFix = { key: 'blockSize', value: 'channel' };
const USE_4_BITS: OptionFix = { key: 'bits', value: 4 };

/** @param alike whether all weights of the step come to one block size */
function* choiceWarnings(
  { adapted, encoding, bits, blockSize, symmetric }: QuantizedChoice,
  { K, operator }: ChosenPart,
  target: TargetId,
  alike: boolean,
): Generator<Said> {
  if (adapted !== null) {
    // Another block size would not be used on the step's other weights.
    yield { message: adapted, ...(alike && { fix: { key: 'blockSize', value: blockSize } }) };
  }
  if (encoding === 'matmul-nbits' && target === 'webgpu') {
    yield SLOW_ON_WASM;
    if (bits === 2) yield { message: '2 bit falls to a slow kernel on WebGPU.', fix: USE_4_BITS };
    else if (blockSize !== 32) {
      const message = `Block ${blockSize} falls to a slow kernel on WebGPU: 32 is fast.`;
      yield { message, fix: USE_BLOCK_32 };
    } else if (K % 4 !== 0) {
      yield { message: 'Inputs that are not a multiple of 4 fall to a slow kernel on WebGPU.' };
    }
  }
  if (encoding === 'matmul-nbits' && target === 'wasm') {
    yield EXACT_IS_SLOW;
  }
  if (encoding === 'dequantize-linear') yield* widened(operator, target);
  if (encoding === 'gather-block-quantized') {
    yield {
      message:
        'Without WebGPU it loads by onnxruntime-web/wasm or the default import; /webgpu has no GatherBlockQuantized on WASM.',
    };
  }
  if (encoding === 'packed-rows' && bits === 8) {
    yield {
      message: 'One scale a row (block size channel) is looked up faster on WASM.',
      fix: USE_CHANNEL,
    };
  }
  if (target === 'portable' && !symmetric) {
    yield {
      message: 'TensorRT reads symmetric weights only; OpenVINO and ONNX Runtime read these.',
      fix: { key: 'symmetric', value: true },
    };
  }
  if (bits === 2) {
    yield {
      message: '2 bit by rounding alone usually loses the answer: measure it.',
      fix: USE_4_BITS,
    };
  }
}

const MULTIPLIED: ReadonlySet<EncodingRow> = new Set(['MatMul', 'Gemm', 'tied', 'Gather']);

/**
 * DequantizeLinear takes about a float's time before a Conv, and several times a product's in a
 * browser; natively it is fused with the product.
 */
function* widened(operator: EncodingRow, target: TargetId): Generator<Said> {
  if (!MULTIPLIED.has(operator)) {
    const message = 'Smaller, not faster: the weights are widened at every run.';
    yield { message, forecast: 'target' };
  } else if (target === 'portable') {
    yield {
      message: 'Slower than fp32 in a browser: there, choose target WASM or WebGPU.',
      fix: { target: 'wasm' },
      forecast: 'target',
    };
  } else if (target !== 'native') {
    const message = 'Slower than fp32: the weights are widened at every run.';
    yield { message, forecast: 'target' };
  }
}
