/**
 * What is known of the elements of small integer tensors: the targets of Reshape, Expand and Slice
 * are computed from them, and a literal among them has to follow where an axis is cut.
 */
import { dividedBy, type Extent, extentOf, numberOf, times } from './extent.ts';

/** A number that stands in the graph, and the input of a node that brings it in. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: number;
  /** Element of an input of a node; null while only constants have handled it. */
  readonly place: LiteralPlace | null;
}

export interface LiteralPlace {
  readonly node: number;
  readonly input: number;
  readonly element: number;
}

export type Size =
  | Literal
  /** Computed from lengths of axes: follows them by itself. */
  | { readonly kind: 'extent'; readonly extent: Extent; readonly axes: readonly AxisRef[] }
  | { readonly kind: 'unknown'; readonly axes: readonly AxisRef[] };

export interface AxisRef {
  readonly value: string;
  readonly axis: number;
}

export const literal = (value: number, place: LiteralPlace | null = null): Size => ({
  kind: 'literal',
  value,
  place,
});

export const UNKNOWN: Size = { kind: 'unknown', axes: [] };

/** The axes that an element is computed from. */
export const axesOf = (size: Size): readonly AxisRef[] =>
  size.kind === 'literal' ? [] : size.axes;

/** The length that the element states; null for one that is none, or not known. */
export const extentOfSize = (size: Size): Extent | null => {
  if (size.kind === 'unknown') return null;
  if (size.kind === 'extent') return size.extent;
  return size.value >= 0 ? extentOf(size.value) : null;
};

/** The number, or null if it depends on the input. */
export function numberOfSize(size: Size): number | null {
  if (size.kind === 'literal') return size.value;
  return size.kind === 'extent' ? numberOf(size.extent) : null;
}

/** One element of the result of an arithmetic operator. */
export function combined(op: string, a: Size, b: Size): Size {
  const axes = [...axesOf(a), ...axesOf(b)];
  const made = arithmetic(op, a, b);
  if (made === null) return { kind: 'unknown', axes };
  if (axes.length === 0) return literal(typeof made === 'number' ? made : (numberOf(made) ?? 0));
  if (typeof made === 'number' && made < 0) return { kind: 'unknown', axes };
  return { kind: 'extent', extent: typeof made === 'number' ? extentOf(made) : made, axes };
}

function arithmetic(op: string, a: Size, b: Size): number | Extent | null {
  const [left, right] = [numberOfSize(a), numberOfSize(b)];
  if (left !== null && right !== null) {
    if (op === 'Mul') return left * right;
    if (op === 'Add') return left + right;
    if (op === 'Sub') return left - right;
    return right > 0 && left >= 0 ? Math.floor(left / right) : null;
  }
  const [x, y] = [extentOfSize(a), extentOfSize(b)];
  if (!x || !y) return null;
  if (op === 'Mul') return times(x, y);
  return op === 'Div' ? dividedBy(x, y) : null;
}

/** Whether two elements are equal; null if that is not known. Lengths of axes are not below 0. */
export function areEqual(a: Size, b: Size): boolean | null {
  const [left, right] = [numberOfSize(a), numberOfSize(b)];
  if (left !== null && right !== null) return left === right;
  if (a.kind === 'extent' && right !== null && right < 0) return false;
  if (b.kind === 'extent' && left !== null && left < 0) return false;
  return null;
}
