/** What a person should know before running a plan; shown on the step's card. */
import type { TargetId } from '../catalog/targets.ts';
import type { PlannedWeight } from './build-edit.ts';

export interface StepWarning {
  readonly step: number;
  readonly message: string;
}

/** Distinct warnings by step, in the order of steps. */
export function choiceWarnings(
  planned: readonly PlannedWeight[],
  target: TargetId,
): readonly StepWarning[] {
  const seen = new Map<string, StepWarning>();
  for (const { stepIndex, choice, view } of planned) {
    const messages = [choice.adapted];
    if (choice.encoding === 'matmul-nbits' && target === 'webgpu') {
      messages.push('Slower than fp32 on WASM: there, choose target WASM.');
      if (choice.bits === 2) messages.push('2 bit falls to a slow kernel on WebGPU.');
      else if (choice.blockSize !== 32) {
        messages.push(`Block ${choice.blockSize} falls to a slow kernel on WebGPU: 32 is fast.`);
      } else if (view.K % 4 !== 0) {
        messages.push('Inputs that are not a multiple of 4 fall to a slow kernel on WebGPU.');
      }
    }
    if (choice.encoding === 'gather-block-quantized') {
      messages.push(
        'Needs a runtime build with GatherBlockQuantized: on WASM, onnxruntime-web/wasm or the default import, not /webgpu.',
      );
    }
    if (choice.encoding === 'packed-rows' && choice.bits === 8) {
      messages.push('One scale a row (block size channel) is looked up faster on WASM.');
    }
    if (choice.bits === 2) {
      messages.push('2 bit by rounding alone usually loses the answer: measure it.');
    }
    for (const message of messages) {
      if (message !== null) seen.set(`${stepIndex} ${message}`, { step: stepIndex, message });
    }
  }
  return [...seen.values()].sort((a, b) => a.step - b.step);
}
