/**
 * The matrix that a weight is factorized as, and how its factors lie in the parts. By channel it is the
 * weight as it lies. A spatial split of a kernel [N, C, h, w] is of the matrix [N · w, C · h]: its second
 * factor is a convolution of h × 1, its first one of 1 × w.
 */
import { assert } from '../core/assert.ts';
import type { Split } from '../core/factorize-spec.ts';
import { permute } from '../core/permute.ts';
import type { MatrixView } from './matrix-view.ts';
import { factorOrder } from './planned-weight.ts';

type Values = Float32Array<ArrayBuffer>;

/** `axis`: the one that counts inputs. */
export function factorMatrix(view: MatrixView, split: Split) {
  const { K, N, transposed, perm } = view;
  assert(perm === null, 'a matrix as it lies');
  if (split === 'spatial') {
    const [, channels, height, width] = kernelOf(view);
    return { rows: N * width, columns: channels * height, axis: 'columns' } as const;
  }
  const [rows, columns] = transposed ? [N, K] : [K, N];
  return { rows, columns, axis: transposed ? 'columns' : 'rows' } as const;
}

/** Whether a spatial split is another than the one by channel. */
export const canSplit = ({ operator, groups, dims }: MatrixView): boolean =>
  operator === 'Conv' && groups === 1 && dims.length === 4 && dims.slice(2).every((it) => it > 1);

/** The weight's values, in the order of its axes, as that matrix. */
export function asFactorMatrix(view: MatrixView, split: Split, values: Values): Values {
  return split === 'spatial' ? permute(values, kernelOf(view), [0, 3, 1, 2]) : values;
}

/** The inverse of `asFactorMatrix`. */
export function fromFactorMatrix(view: MatrixView, split: Split, values: Values): Values {
  if (split === 'channel') return values;
  const [outputs, channels, height, width] = kernelOf(view);
  return permute(values, [outputs, width, channels, height], [0, 2, 3, 1]);
}

/** Factors [rows, rank] and [rank, columns] as the parts A and B hold them. */
export function partsOfFactors(
  view: MatrixView,
  split: Split,
  first: Values,
  second: Values,
): { readonly A: Values; readonly B: Values } {
  if (split === 'spatial') {
    const [outputs, , , width] = kernelOf(view);
    const rank = first.length / (outputs * width);
    return { A: second, B: permute(first, [outputs, width, rank], [0, 2, 1]) };
  }
  return factorOrder(view)[0] === 'A' ? { A: first, B: second } : { A: second, B: first };
}

/** The inverse of `partsOfFactors`. */
export function factorsOfParts(
  view: MatrixView,
  split: Split,
  { A, B }: { readonly A: Values; readonly B: Values },
): { readonly first: Values; readonly second: Values } {
  if (split === 'spatial') {
    const [outputs, , , width] = kernelOf(view);
    const rank = B.length / (outputs * width);
    return { first: permute(B, [outputs, rank, width], [0, 2, 1]), second: A };
  }
  return factorOrder(view)[0] === 'A' ? { first: A, second: B } : { first: B, second: A };
}

function kernelOf({ dims }: MatrixView): readonly [number, number, number, number] {
  const [outputs = 1, channels = 1, height = 1, width = 1] = dims;
  return [outputs, channels, height, width];
}
