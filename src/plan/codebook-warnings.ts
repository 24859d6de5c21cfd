import type { CodebookChoice } from '../catalog/encodings.ts';
import type { TargetId } from '../catalog/targets.ts';
import { EXACT_IS_SLOW, type Said, SLOW_ON_WASM, WIDENED_AT_LOAD } from './said.ts';

/** Of one weight whose codes are entries of a codebook. */
export function* codebookWarnings(
  { encoding, bits, entries, byInputs }: CodebookChoice,
  target: TargetId,
): Generator<Said> {
  if (encoding === 'codebook') yield WIDENED_AT_LOAD;
  if (encoding === 'matmul-bnb4' && target === 'webgpu') yield SLOW_ON_WASM;
  if (encoding === 'matmul-bnb4' && target === 'wasm') yield EXACT_IS_SLOW;
  if (byInputs && bits < 4) {
    yield {
      message: `Weighed by inputs, palettes of ${bits} bit can answer less like the original: measure it.`,
      fix: { key: 'bits', value: 4 },
    };
  }
  if (entries === 'k-means' && bits < 3) {
    yield {
      message: `${bits} bit without training again usually loses the answer: measure it.`,
      fix: { key: 'bits', value: 4 },
    };
  }
}
