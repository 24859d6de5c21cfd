/** Trials of error feedback: its last block of columns, where the product before it is longest. */
import { SPARSEGPT_BLOCK } from '../core/prune-spec.ts';
import type { OwnedBuffer } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE, feedbackBlock } from '../kernels/feedback-block.ts';
import { feedbackLosses } from '../kernels/feedback-losses.ts';
import { MATMUL_VARIANTS, matmul } from '../kernels/matmul.ts';
import { pruneBlock } from '../kernels/prune-block.ts';
import { pruneScores } from '../kernels/prune-scores.ts';
import type { Scratch, Trial } from './block-times.ts';

/** `side` channels of `side` inputs, a multiple of 64. */
export function feedbackTrials(side: number, scratch: Scratch): Trial[] {
  const first = side - FEEDBACK_SIDE;
  const panelLength = FEEDBACK_SIDE * (side + 2);
  const corrected = scratch('feedback/corrected', 4 * FEEDBACK_SIDE * side);
  const weight = scratch('feedback/weight', 4 * side * side);
  const panel = scratch('feedback/panel', 4 * panelLength);
  const levels = scratch('feedback/levels', 8 * side);
  const goes = scratch('feedback/goes', (side * side) / 8);
  const errors = scratch('feedback/errors', 4 * side * side);
  const codes = scratch('feedback/codes', 4 * side * side);
  const losses = scratch('feedback/losses', 4 * side);
  const wide = Math.min(side, SPARSEGPT_BLOCK);
  const [predicted, scores] = ['predicted', 'scores'].map((label) =>
    scratch(`feedback/${label}`, 4 * wide * side),
  ) as [OwnedBuffer, OwnedBuffer];
  const wideFirst = side - wide;
  const panels = scratch(
    'feedback/panels',
    4 * wide * (wideFirst + wide / 2 + FEEDBACK_SIDE / 2 + 2),
  );
  const settle = feedbackBlock(4);
  const own = FEEDBACK_SIDE * side;
  return [
    {
      ...{ kernel: settle.label, elements: own, bytes: 16 * own + own / 8 + 16 * side },
      flop: FEEDBACK_SIDE * own,
      kernels: [settle],
      record: (batch) =>
        batch.dispatch(
          settle,
          { corrected, weight, panel, levels, goes, errors, codes, losses },
          { first, width: FEEDBACK_SIDE, stride: side },
        ),
    },
    {
      ...{ kernel: `${pruneBlock.label} 2:4`, elements: own, bytes: 16 * own + 8 * side },
      flop: FEEDBACK_SIDE * own,
      kernels: [pruneBlock],
      record: (batch) =>
        batch.dispatch(
          pruneBlock,
          { corrected, weight, panel, marks: codes, errors, losses },
          { first, width: FEEDBACK_SIDE, stride: side, keep: 2, groupSize: 4 },
        ),
    },
    {
      ...{ kernel: pruneScores.label, elements: wide * side, bytes: 16 * wide * side },
      flop: wide * wide * side,
      kernels: [pruneScores],
      record: (batch) =>
        batch.dispatch(
          pruneScores,
          { corrected: predicted, weight, panels, scores },
          { first: wideFirst, width: wide, stride: side },
        ),
    },
    {
      ...{ kernel: feedbackLosses.label, elements: side * side, bytes: 4 * side * side },
      kernels: [feedbackLosses],
      record: (batch) =>
        batch.dispatch(
          feedbackLosses,
          { spread: weight, diagonal: losses, losses: corrected },
          { K: side, stride: side },
        ),
    },
    ...MATMUL_VARIANTS.map((variant) => {
      const kernel = matmul(variant, 'TN');
      const sides = { M: FEEDBACK_SIDE, N: side, K: first, accumulate: 1 };
      const strides = { aStride: FEEDBACK_SIDE, bStride: side, cStride: side };
      return {
        ...{ kernel: `${kernel.label} before ${settle.label}`, elements: own },
        bytes: 4 * (side * first + FEEDBACK_SIDE * first + 2 * own),
        flop: 2 * own * first,
        kernels: [kernel],
        record: (batch) =>
          batch.dispatch(kernel, { a: panel, b: errors, c: corrected }, { ...sides, ...strides }),
      } satisfies Trial;
    }),
  ];
}
