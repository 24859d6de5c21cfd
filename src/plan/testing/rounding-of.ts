import type { Plan } from '../plan.ts';

/**
 * How far from the outputs of the weights that a file stands for its own may be. Products of 8-bit
 * activations are near them; all others are the same.
 */
export function roundingOf({ planned }: Plan): number {
  const inIntegers = [
    'dynamic-uint8',
    'blocks-to-uint8',
    'conv-uint8',
    'codebook-to-uint8',
    'tied-uint8',
    'tied-blocks',
  ];
  const parts = planned.flatMap((item) => item.parts);
  const rounds = parts.some(
    ({ choice }) =>
      inIntegers.includes(choice.encoding) ||
      (choice.kind === 'quantized' && choice.accuracyLevel > 0),
  );
  if (rounds) return 0.03;
  // Beside, 16-bit weights are rounded to 16 bits again.
  return planned.some(({ view }) => view.valueType === 'float16') ? 1e-3 : 1e-5;
}
