/** What a person should know before running a plan; shown on the step's card. */
import type { QuantizedChoice } from '../catalog/encodings.ts';
import type { TargetId } from '../catalog/targets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Skipped } from './choose-weight.ts';
import type { ChosenPart, PlannedWeight } from './planned-weight.ts';

export interface StepWarning {
  readonly step: number;
  readonly message: string;
}

/** Distinct warnings by step, in the order of steps. */
export function planWarnings(
  planned: readonly PlannedWeight[],
  skipped: readonly Skipped[],
  { target }: Recipe,
): readonly StepWarning[] {
  const seen = new Map<string, StepWarning>();
  const warn = (step: number, message: string) => {
    seen.set(`${step} ${message}`, { step, message });
  };
  for (const { parts, prune } of planned) {
    for (const part of parts) {
      const { choice, stepIndex } = part;
      if (stepIndex === null || choice.kind === 'float') continue;
      for (const message of choiceWarnings(choice, part, target)) warn(stepIndex, message);
    }
    if (prune) {
      if (parts.every(({ stepIndex }) => stepIndex === null)) warn(prune.stepIndex, PRUNED_ALONE);
      else warn(prune.stepIndex, PRUNED);
    }
  }
  const counts = new Map<string, { step: number; reason: string; count: number }>();
  for (const { stepIndex, reason } of skipped) {
    const key = `${stepIndex} ${reason}`;
    const entry = counts.get(key) ?? { step: stepIndex, reason, count: 0 };
    counts.set(key, { ...entry, count: entry.count + 1 });
  }
  for (const { step, reason, count } of counts.values()) {
    warn(step, `Without this step: ${count} ${count === 1 ? 'weight' : 'weights'}. ${reason}.`);
  }
  return [...seen.values()].sort((a, b) => a.step - b.step);
}

const PRUNED_ALONE =
  'Zeros are stored like other values: the file shrinks only when compressed (gzip), and no runtime here is faster for them.';
const PRUNED = 'No runtime here is faster for zeros; a compressed file (gzip) is smaller.';

function* choiceWarnings(
  { adapted, encoding, bits, blockSize, symmetric }: QuantizedChoice,
  { K }: ChosenPart,
  target: TargetId,
): Generator<string> {
  if (adapted !== null) yield adapted;
  if (encoding === 'matmul-nbits' && target === 'webgpu') {
    yield 'Slower than fp32 on WASM: there, choose target WASM.';
    if (bits === 2) yield '2 bit falls to a slow kernel on WebGPU.';
    else if (blockSize !== 32) {
      yield `Block ${blockSize} falls to a slow kernel on WebGPU: 32 is fast.`;
    } else if (K % 4 !== 0) {
      yield 'Inputs that are not a multiple of 4 fall to a slow kernel on WebGPU.';
    }
  }
  if (encoding === 'matmul-nbits' && target === 'wasm') {
    yield 'Exact products are slower than fp32 on WASM: compute int8 is fast.';
  }
  if (encoding === 'gather-block-quantized') {
    yield 'Needs a runtime build with GatherBlockQuantized: on WASM, onnxruntime-web/wasm or the default import, not /webgpu.';
  }
  if (encoding === 'packed-rows' && bits === 8) {
    yield 'One scale a row (block size channel) is looked up faster on WASM.';
  }
  if (target === 'portable' && !symmetric) {
    yield 'TensorRT reads symmetric weights only; OpenVINO and ONNX Runtime read these.';
  }
  if (bits === 2) yield '2 bit by rounding alone usually loses the answer: measure it.';
}
