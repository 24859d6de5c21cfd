/** Operators that compute over whole axes: norms, Softmax, reductions. */
import type { Node } from '../../model/model.ts';
import { type Analysis, nameOf } from '../analysis.ts';
import { type Extent, ONE } from '../extent.ts';
import { axisOf, hasList, inputOf, intOf, listOf, outputOf } from '../node-values.ts';
import { spread } from './elementwise.ts';

const UNKNOWN_SHAPE = 'has operands of unknown shape';

/** The result has the shape of the first input; `frozen` axes are computed over. */
function sameShape(node: Node, frozen: (axis: number) => boolean, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  analysis.give(node, dims);
  for (const extra of node.outputs.slice(1)) analysis.set(extra, null);
  for (const axis of analysis.axesOf(x)) {
    analysis.tie(x, axis, outputOf(node), axis);
    if (frozen(axis)) analysis.freeze(x, axis, nameOf(node), 'computes over it');
  }
}

export function softmax(node: Node, analysis: Analysis): void {
  const rank = analysis.dims(inputOf(node, 0))?.length ?? 0;
  const isNew = analysis.opset >= 13;
  const axis = axisOf(intOf(node, 'axis', isNew ? -1 : 1), rank) ?? 0;
  sameShape(node, (at) => (isNew ? at === axis : at >= axis), analysis);
}

/** LayerNormalization and its kin over `axis` and all after it. */
export function layerNorm(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const axis = axisOf(intOf(node, 'axis', -1), dims?.length ?? 0) ?? 0;
  sameShape(node, (at) => at >= axis, analysis);
  for (const name of node.inputs.slice(1)) {
    const own = analysis.dims(name);
    if (own && dims) spread(node, name, own, outputOf(node), dims, analysis);
  }
}

/** One factor and summand a channel. */
export function channelNorm(node: Node, analysis: Analysis): void {
  const isWhole = node.op === 'InstanceNormalization';
  sameShape(node, (axis) => isWhole && axis > 1, analysis);
  for (const name of node.inputs.slice(1)) analysis.tie(name, 0, outputOf(node), 1);
}

export function overAxis(node: Node, analysis: Analysis): void {
  const rank = analysis.dims(inputOf(node, 0))?.length ?? 0;
  const axis = axisOf(intOf(node, 'axis', -1), rank);
  sameShape(node, (at) => at === axis, analysis);
}

export function reduce(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const isArg = node.op.startsWith('Arg');
  const given = isArg ? [intOf(node, 'axis', 0)] : listOf(node, 'axes', 1, analysis);
  analysis.freezeSizes(x, node);
  if (!dims || (!given && hasList(node, 'axes', 1))) {
    analysis.freezeAll(x, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const isKept = intOf(node, 'noop_with_empty_axes', 0) === 1 && !given;
  const axes = new Set(given ? given.map((axis) => axisOf(axis, dims.length)) : dims.keys());
  const isGone = (axis: number) => !isKept && axes.has(axis);
  const keeps = intOf(node, 'keepdims', 1) === 1;
  const rest = dims.flatMap((extent, axis): { extent: Extent; axis: number | null }[] => {
    if (!isGone(axis)) return [{ extent, axis }];
    return keeps ? [{ extent: ONE, axis: null }] : [];
  });
  analysis.give(
    node,
    rest.map(({ extent }) => extent),
  );
  rest.forEach(({ axis }, to) => {
    if (axis !== null) analysis.tie(x, axis, outputOf(node), to);
  });
  for (const axis of dims.keys()) {
    if (isGone(axis)) analysis.freeze(x, axis, nameOf(node), 'computes over it');
  }
}
