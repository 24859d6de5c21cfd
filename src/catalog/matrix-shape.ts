/** A constant seen as the matrix [K, N] of one operator: how its axes give it. */
import { elementCount } from '../core/shape.ts';

export interface MatrixShape {
  /** Length of what one output sums over (an embedding's width). */
  readonly K: number;
  /** Output channels (an embedding's rows). */
  readonly N: number;
  /** Lies [N, K] instead of [K, N], once its axes are in the order of `perm`. */
  readonly transposed: boolean;
  /** Of the constant. */
  readonly dims: readonly number[];
  /** The order of the constant's axes in which it lies [N, K]; null: it lies as it is. */
  readonly perm: readonly number[] | null;
  /** The axis of `dims` that counts output channels, N of them. */
  readonly channelAxis: number;
}

/** The matrix of a constant whose output channels are counted by one axis; K is all the others. */
export function shapeByAxis(dims: readonly number[], channelAxis: number): MatrixShape {
  const N = dims[channelAxis] ?? 1;
  const K = elementCount(dims) / N;
  const isFirst = dims.slice(0, channelAxis).every((length) => length === 1);
  const isLast = dims.slice(channelAxis + 1).every((length) => length === 1);
  const others = dims.map((_, axis) => axis).filter((axis) => axis !== channelAxis);
  return {
    ...{ K, N, dims, channelAxis },
    transposed: !isLast,
    perm: isFirst || isLast ? null : [channelAxis, ...others],
  };
}
