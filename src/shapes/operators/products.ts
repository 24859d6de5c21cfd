/** Products of matrices. */
import type { Node } from '../../model/model.ts';
import { type Analysis, type Dims, nameOf } from '../analysis.ts';
import { numberOf } from '../extent.ts';
import { inputOf, intOf, outputOf } from '../node-values.ts';
import { broadcast, spread } from './elementwise.ts';

export function matMul(node: Node, analysis: Analysis): void {
  const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
  const [left, right] = [analysis.dims(a), analysis.dims(b)];
  const batch = left && right && broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (!left || !right || !batch || left.length < 2 || right.length < 2) {
    analysis.freezeAll(a, node, 'has operands of unknown shape');
    analysis.freezeAll(b, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  const [rows, columns] = [left.length - 2, right.length - 1];
  const dims = [...batch, ...left.slice(-2, -1), ...right.slice(-1)];
  analysis.give(node, dims);
  const output = outputOf(node);
  contract(node, a, rows + 1, b, columns - 1, analysis);
  analysis.tie(a, rows, output, dims.length - 2);
  analysis.tie(b, columns, output, dims.length - 1);
  analysis.use(a, rows, 'makes', node);
  analysis.use(b, columns, 'makes', node);
  batchAxes(node, a, left.slice(0, -2), output, batch, analysis);
  batchAxes(node, b, right.slice(0, -2), output, batch, analysis);
  const isAttention = !analysis.facts(a).isConstant && !analysis.facts(b).isConstant;
  for (const axis of isAttention ? batch.keys() : []) {
    const id = analysis.axis(output, axis);
    if (id !== null) analysis.batched.push(id);
  }
}

const batchAxes = (
  node: Node,
  operand: string,
  own: Dims,
  output: string,
  batch: Dims,
  analysis: Analysis,
): void => {
  spread(node, operand, own, output, batch, analysis);
};

/** The axes that a product sums over. */
function contract(
  node: Node,
  a: string,
  axisA: number,
  b: string,
  axisB: number,
  analysis: Analysis,
): void {
  analysis.tie(a, axisA, b, axisB);
  if (analysis.dims(a)?.length === 2) analysis.use(a, axisA, 'takes', node);
  if (analysis.dims(b)?.length === 2) analysis.use(b, axisB, 'takes', node);
  if (!analysis.facts(a).isConstant && !analysis.facts(b).isConstant) {
    analysis.freeze(a, axisA, nameOf(node), 'sums over it for two activations');
  }
  const [left, right] = [analysis.dims(a)?.[axisA], analysis.dims(b)?.[axisB]];
  const known = [left, right].map((extent) => (extent ? numberOf(extent) : null));
  if (known.includes(null)) {
    analysis.freeze(a, axisA, nameOf(node), 'has an operand whose length is not known');
    analysis.freeze(b, axisB, nameOf(node), 'has an operand whose length is not known');
  }
}

export function gemm(node: Node, analysis: Analysis): void {
  const [a, b, c] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const [left, right] = [analysis.dims(a), analysis.dims(b)];
  if (left?.length !== 2 || right?.length !== 2) {
    for (const name of [a, b, c]) analysis.freezeAll(name, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  const rows = intOf(node, 'transA', 0) === 1 ? 1 : 0;
  const columns = intOf(node, 'transB', 0) === 1 ? 0 : 1;
  const dims = [left[rows] ?? left[0], right[columns] ?? right[0]].flatMap((it) => it ?? []);
  analysis.give(node, dims);
  const output = outputOf(node);
  contract(node, a, 1 - rows, b, 1 - columns, analysis);
  analysis.tie(a, rows, output, 0);
  analysis.tie(b, columns, output, 1);
  analysis.use(a, rows, 'makes', node);
  analysis.use(b, columns, 'makes', node);
  const own = analysis.dims(c);
  if (own) spread(node, c, own, output, dims, analysis);
  else if (c !== '') analysis.freezeAll(output, node, 'has operands of unknown shape');
}
