import type { Fidelity } from './report.ts';

export type Answers = Pick<Fidelity, 'top1Agreement' | 'differingRows' | 'rows'>;

/**
 * Whether the share of same answers counts rows. A model with an answer at every position (a
 * language model) gives the share of positions, and nearly every row differs somewhere.
 */
export function oneAnswerPerRow({ rows, differingRows, top1Agreement }: Answers): boolean {
  const differing = (1 - (top1Agreement ?? 1)) * rows;
  return Math.round(differing) === (differingRows ?? 0);
}
