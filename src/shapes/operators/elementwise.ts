/** Operators that give each element by itself, with broadcasting. */
import type { Node } from '../../model/model.ts';
import { type Analysis, type Dims, nameOf } from '../analysis.ts';
import { type Extent, numberOf, ONE } from '../extent.ts';
import { intOf } from '../node-values.ts';
import { areEqual, axesOf, combined, literal, type Size, UNKNOWN } from '../size.ts';

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

export const ELEMENTWISE: ReadonlySet<string> = names(
  `Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor
  Cast Ceil Celu Clip Cos Cosh Div Dropout Elu Equal Erf Exp Floor Gelu Greater GreaterOrEqual
  HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod
  Mul Neg Not Or PRelu Pow Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus
  Softsign Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor`,
);

export function elementwise(node: Node, analysis: Analysis): void {
  const inputs = node.inputs.filter((name) => name !== '');
  const sizes = sizesOf(node, analysis);
  if (!sizes) for (const name of inputs) analysis.freezeSizes(name, node);
  const origin = node.op === 'Cast' || node.op === 'Identity' ? originOf(node, analysis) : null;
  const shapes = inputs.map((name) => analysis.dims(name));
  const dims = shapes.every((shape) => shape !== null) ? broadcast(shapes) : null;
  analysis.give(node, dims, { sizes, origin });
  const output = node.outputs[0] ?? '';
  for (const [at, name] of inputs.entries()) {
    const own = shapes[at];
    if (!own) continue;
    if (!dims) {
      analysis.freezeAll(name, node, 'has operands of unknown shape');
      continue;
    }
    spread(node, name, own, output, dims, analysis);
  }
  // The mask of Dropout and the like.
  for (const extra of node.outputs.slice(1)) analysis.set(extra, null);
}

/** Ties the axes of an operand to those of the result that it is spread over. */
export function spread(
  node: Node,
  operand: string,
  own: Dims,
  result: string,
  dims: Dims,
  analysis: Analysis,
): void {
  for (const [axis, extent] of own.entries()) {
    const at = axis + dims.length - own.length;
    const whole = dims[at];
    if (!whole || numberOf(extent) === 1) continue;
    if (numberOf(extent) === null && numberOf(whole) !== null) {
      analysis.freeze(result, at, nameOf(node), 'has an operand whose length is not known');
    }
    analysis.tie(operand, axis, result, at);
  }
}

/** null if the shapes do not fit. */
export function broadcast(shapes: readonly Dims[]): Dims | null {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const dims: Extent[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let found = ONE;
    for (const shape of shapes) {
      const extent = shape[axis - rank + shape.length];
      if (!extent || numberOf(extent) === 1) continue;
      const [known, length] = [numberOf(found), numberOf(extent)];
      if (known !== null && known > 1 && length !== null && length !== known) return null;
      if (known === 1 || (known === null && length !== null)) found = extent;
    }
    dims.push(found);
  }
  return dims;
}

const INTEGERS: readonly number[] = [6, 7, 9]; // int32, int64, bool in ONNX's numbering

function sizesOf(node: Node, analysis: Analysis): readonly Size[] | null {
  const inputs = node.inputs.map((name) => analysis.facts(name).sizes);
  const [a, b, c] = inputs;
  switch (node.op) {
    case 'Identity':
      return a ?? null;
    case 'Cast':
      return INTEGERS.includes(intOf(node, 'to', 0)) ? (a ?? null) : null;
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
      return a && b ? pairs(a, b, (left, right) => combined(node.op, left, right)) : null;
    case 'Equal':
      return a && b ? pairs(a, b, equality) : null;
    case 'Where':
      return a && b && c ? chosen(a, b, c) : null;
    default:
      return null;
  }
}

function pairs(
  a: readonly Size[],
  b: readonly Size[],
  make: (left: Size, right: Size) => Size,
): readonly Size[] | null {
  const length = Math.max(a.length, b.length);
  if ((a.length !== length && a.length !== 1) || (b.length !== length && b.length !== 1)) {
    return null;
  }
  return Array.from({ length }, (_, at) =>
    make((a.length === 1 ? a[0] : a[at]) ?? UNKNOWN, (b.length === 1 ? b[0] : b[at]) ?? UNKNOWN),
  );
}

function equality(left: Size, right: Size): Size {
  const equal = areEqual(left, right);
  return equal === null
    ? { kind: 'unknown', axes: [...axesOf(left), ...axesOf(right)] }
    : literal(Number(equal));
}

function chosen(
  conditions: readonly Size[],
  a: readonly Size[],
  b: readonly Size[],
): readonly Size[] | null {
  const lefts = pairs(conditions, a, (_, left) => left);
  const rights = lefts && pairs(lefts, b, (_, right) => right);
  if (!lefts || !rights) return null;
  return rights.map((right, at) => {
    const condition = (conditions.length === 1 ? conditions[0] : conditions[at]) ?? UNKNOWN;
    const left = (lefts.length === 1 ? lefts[0] : lefts[at]) ?? UNKNOWN;
    if (condition.kind === 'literal') return condition.value ? left : right;
    return { kind: 'unknown', axes: [condition, left, right].flatMap(axesOf) };
  });
}

const originOf = ({ inputs }: Node, analysis: Analysis) => analysis.facts(inputs[0] ?? '').origin;
