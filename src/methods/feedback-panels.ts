/** What a GPU reads of a factor, a block of columns after the other. */
import { FEEDBACK_SIDE } from '../kernels/feedback-block.ts';
import type { Grid } from '../reference/feedback.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';

/** Rows after the columns themselves: D, and the block of each. */
const FACTS = 2;

export interface Panels {
  /** The panels of all blocks, one behind the other; see `feedbackBlock`. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly blocks: readonly PanelPlace[];
}

export interface PanelPlace {
  readonly first: number;
  readonly width: number;
  /** Bytes, a multiple of 256. */
  readonly offset: number;
  readonly byteLength: number;
}

export function panelsOf(
  { K, upper, diagonal }: UpperFactor,
  { blockOf }: Pick<Grid, 'blockOf'>,
): Panels {
  const blocks: PanelPlace[] = [];
  let offset = 0;
  for (let first = 0; first < K; first += FEEDBACK_SIDE) {
    const byteLength = 4 * FEEDBACK_SIDE * (first + FEEDBACK_SIDE + FACTS);
    const width = Math.min(FEEDBACK_SIDE, K - first);
    blocks.push({ first, width, offset, byteLength });
    offset += byteLength;
  }
  const values = new Float32Array(offset / 4);
  for (const { first, width, offset: start } of blocks) {
    let at = start / 4;
    for (let j = 0; j < first + width; j++, at += FEEDBACK_SIDE) {
      // A view for every row would take longer than its numbers.
      for (let i = 0, from = j * K + first; i < width; i++) {
        values[at + i] = upper[from + i] as number;
      }
    }
    at = start / 4 + FEEDBACK_SIDE * (first + FEEDBACK_SIDE);
    values.set(diagonal.subarray(first, first + width), at);
    values.set(blockOf.subarray(first, first + width), at + FEEDBACK_SIDE);
  }
  return { values, blocks };
}
