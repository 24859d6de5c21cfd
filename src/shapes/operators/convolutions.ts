/** Convolutions, with their groups, and pooling. */
import type { Node } from '../../model/model.ts';
import type { Analysis, Dims } from '../analysis.ts';
import { type Extent, extentOf, numberOf } from '../extent.ts';
import { inputOf, intOf, intsOf, outputOf, textOf } from '../node-values.ts';
import type { Factor } from '../tied-axes.ts';

const UNKNOWN_SHAPE = 'has operands of unknown shape';

export function convolution(node: Node, analysis: Analysis): void {
  const [x, w, bias] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const [input, kernel] = [analysis.dims(x), analysis.dims(w)];
  const groups = intOf(node, 'group', 1);
  const isTransposed = node.op === 'ConvTranspose';
  const outer = kernel?.[0] && numberOf(kernel[0]);
  const inner = kernel?.[1] && numberOf(kernel[1]);
  if (!input || !kernel || !outer || !inner || input.length !== kernel.length) {
    for (const name of [x, w, bias]) analysis.freezeAll(name, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const channels = isTransposed ? inner * groups : outer;
  const spatial = spatialDims(node, input, kernel.slice(2).map(numberOf), analysis);
  analysis.give(node, [...input.slice(0, 1), extentOf(channels), ...spatial]);
  const output = outputOf(node);
  analysis.tie(x, 0, output, 0);
  const [takes, makes] = isTransposed ? [0, 1] : [1, 0];
  analysis.use(w, makes, 'makes', node);
  if (isTransposed || inner > 1) analysis.use(w, takes, 'takes', node);
  if (groups === 1) {
    analysis.tie(x, 1, w, takes);
    analysis.tie(w, makes, output, 1);
  } else {
    const group = analysis.ties.axis(`group of ${node.index}`, 0, groups);
    analysis.attributeEdits.push({ node: node.index, name: 'group', element: null, axis: group });
    grouped(x, group, outer, inner, w, isTransposed ? 0 : 1, analysis);
    grouped(output, group, outer, inner, w, isTransposed ? 1 : 0, analysis);
    analysis.tie(isTransposed ? x : output, 1, w, 0);
  }
  analysis.tie(bias, 0, output, 1);
  const id = analysis.axis(output, 1);
  if (id !== null) analysis.convolved.push(id);
  const from = analysis.axis(x, 1);
  if (from !== null) analysis.convolved.push(from);

  function grouped(
    value: string,
    group: number,
    first: number,
    second: number,
    weight: string,
    weightAxis: number,
    own: Analysis,
  ): void {
    const whole = own.axis(value, 1);
    if (whole === null) return;
    const length = weightAxis === 1 ? second : first / groups;
    if (length === 1) {
      own.ties.tie(whole, group);
      return;
    }
    const within =
      weightAxis === 1
        ? own.axis(weight, 1)
        : own.ties.axis(`outputs in a group of ${node.index}`, 0, length);
    const factors: Factor[] = [
      { length: groups, axis: group },
      { length, axis: within },
    ];
    own.ties.relate({ kind: 'factors', whole, factors });
  }
}

export function pooling(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const input = analysis.dims(x);
  if (!input) {
    analysis.give(node, null);
    return;
  }
  const isGlobal = node.op.startsWith('Global');
  const kernel = intsOf(node, 'kernel_shape');
  const spatial = isGlobal
    ? input.slice(2).map(() => extentOf(1))
    : spatialDims(node, input, kernel ?? [], analysis);
  analysis.give(node, [...input.slice(0, 2), ...spatial]);
  for (const axis of [0, 1]) analysis.tie(x, axis, outputOf(node), axis);
  for (const extra of node.outputs.slice(1)) analysis.set(extra, null);
}

function spatialDims(
  node: Node,
  input: Dims,
  kernel: readonly (number | null)[],
  analysis: Analysis,
): Extent[] {
  return input.slice(2).map((extent, at) => {
    const [length, window] = [numberOf(extent), kernel[at] ?? null];
    const found =
      length === null || window === null ? null : outputLength(node, at, length, window);
    return found === null ? analysis.symbol() : extentOf(found);
  });
}

/** null where it is not worked out: transposed convolutions. */
function outputLength(node: Node, at: number, length: number, window: number): number | null {
  if (node.op === 'ConvTranspose') return null;
  const rank = (intsOf(node, 'pads')?.length ?? 0) / 2;
  const stride = intsOf(node, 'strides')?.[at] ?? 1;
  const dilation = intsOf(node, 'dilations')?.[at] ?? 1;
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  if (auto.startsWith('SAME')) return Math.ceil(length / stride);
  const pads = intsOf(node, 'pads');
  const padding = auto === 'VALID' ? 0 : (pads?.[at] ?? 0) + (pads?.[at + rank] ?? 0);
  const steps = (length + padding - dilation * (window - 1) - 1) / stride;
  return (intOf(node, 'ceil_mode', 0) === 1 ? Math.ceil(steps) : Math.floor(steps)) + 1;
}
