/** Operators that keep all elements and lay them out in other axes. */
import type { Node } from '../../model/model.ts';
import { type Analysis, type Dims, nameOf } from '../analysis.ts';
import { dividedBy, type Extent, isSame, numberOf, ONE, product, times } from '../extent.ts';
import { axisOf, hasList, inputOf, intOf, intsOf, listOf, outputOf } from '../node-values.ts';
import { extentOfSize, type Size, UNKNOWN } from '../size.ts';

export function transpose(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const { dims, origin } = analysis.facts(x);
  const perm = intsOf(node, 'perm') ?? dims?.map((_, axis) => dims.length - 1 - axis) ?? [];
  if (!dims || perm.length !== dims.length) {
    analysis.freezeAll(x, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  analysis.give(
    node,
    perm.flatMap((axis) => dims[axis] ?? []),
    { origin: origin && { ...origin, axes: perm.map((axis) => origin.axes[axis] ?? -1) } },
  );
  perm.forEach((from, to) => {
    analysis.tie(x, from, outputOf(node), to);
  });
}

export function unsqueeze(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const { dims, sizes } = analysis.facts(x);
  const given = listOf(node, 'axes', 1, analysis);
  const rank = (dims?.length ?? 0) + (given?.length ?? 0);
  const axes = new Set(given?.map((axis) => axisOf(axis, rank)));
  const rest = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.has(axis));
  if (!dims || !given || rest.length !== dims.length) {
    analysis.freezeAll(x, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  const made: Extent[] = Array.from({ length: rank }, () => ONE);
  rest.forEach((axis, from) => {
    made[axis] = dims[from] ?? ONE;
  });
  analysis.give(node, made, { sizes: rank < 2 ? sizes : null });
  rest.forEach((axis, from) => {
    analysis.tie(x, from, outputOf(node), axis);
  });
}

export function squeeze(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const { dims, sizes } = analysis.facts(x);
  const given = listOf(node, 'axes', 1, analysis);
  if (!dims || (!given && hasList(node, 'axes', 1))) {
    analysis.freezeAll(x, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  const gone = given
    ? new Set(given.map((axis) => axisOf(axis, dims.length)))
    : new Set(dims.flatMap((extent, axis) => (numberOf(extent) === 1 ? [axis] : [])));
  const rest = dims.map((_, axis) => axis).filter((axis) => !gone.has(axis));
  analysis.give(
    node,
    rest.flatMap((axis) => dims[axis] ?? []),
    { sizes },
  );
  rest.forEach((axis, to) => {
    analysis.tie(x, axis, outputOf(node), to);
  });
}

export function flatten(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const given = intOf(node, 'axis', 1);
  const axis = dims && (given < 0 ? given + dims.length : given);
  if (!dims || axis === null || axis > dims.length) {
    analysis.freezeAll(x, node, 'has operands of unknown shape');
    analysis.give(node, null);
    return;
  }
  analysis.give(node, [product(dims.slice(0, axis)), product(dims.slice(axis))]);
  const axes = dims.map((_, at) => at);
  relate(node, x, axes.slice(0, axis), outputOf(node), [0], analysis);
  relate(node, x, axes.slice(axis), outputOf(node), [1], analysis);
}

export function reshape(node: Node, analysis: Analysis): void {
  const [x, target] = [inputOf(node, 0), inputOf(node, 1)];
  const { dims, sizes: moved } = analysis.facts(x);
  const sizes = analysis.facts(target).sizes;
  const made = dims && sizes && reshaped(dims, sizes, intOf(node, 'allowzero', 0) === 1, analysis);
  if (!dims || !sizes || !made) {
    analysis.freezeAll(x, node, 'has a target that is not known before a run');
    analysis.freezeSizes(target, node);
    analysis.give(node, null);
    return;
  }
  analysis.give(node, made, { sizes: made.length < 2 ? moved : null });
  const output = outputOf(node);
  matchAxes(node, x, dims, output, made, analysis);
  followSizes(node, 1, sizes, output, analysis);
}

function reshaped(
  dims: Dims,
  sizes: readonly Size[],
  allowsZero: boolean,
  analysis: Analysis,
): Dims | null {
  const known = sizes.map((size, at) => {
    if (size.kind === 'literal' && size.value === 0 && !allowsZero) return dims[at] ?? null;
    return extentOfSize(size);
  });
  const isOpen = (size: Size) => size.kind === 'literal' && size.value === -1;
  const open = sizes.findIndex(isOpen);
  if (open < 0 || sizes.filter(isOpen).length > 1 || sizes.some((it) => it.kind === 'unknown')) {
    return open < 0 || sizes.filter(isOpen).length === 1
      ? known.map((extent) => extent ?? analysis.symbol())
      : null;
  }
  const rest = product(known.flatMap((extent) => extent ?? []));
  const left = dividedBy(product(dims), rest) ?? analysis.symbol();
  return known.map((extent) => extent ?? left);
}

/** Where lengths are stated by literals, they have to follow the axes. */
export function followSizes(
  node: Node,
  input: number,
  sizes: readonly Size[],
  output: string,
  analysis: Analysis,
): void {
  const isDirect = analysis.graph.tensors.has(inputOf(node, input));
  for (const [element, size] of sizes.entries()) {
    const axis = analysis.axis(output, element);
    if (axis === null || size.kind !== 'literal' || size.value <= 0) continue;
    const place = isDirect ? { node: node.index, input, element } : size.place;
    if (place) analysis.sizeEdits.push({ ...place, axis });
    else analysis.freeze(output, element, nameOf(node), 'is given a length that is computed');
  }
}

/** Runs through both shapes and relates the shortest groups of axes with equal products. */
function matchAxes(
  node: Node,
  x: string,
  dims: Dims,
  output: string,
  made: Dims,
  analysis: Analysis,
): void {
  const wide = (shape: Dims) =>
    shape.flatMap((extent, axis) => (numberOf(extent) === 1 ? [] : [{ extent, axis }]));
  const [from, to] = [wide(dims), wide(made)];
  const fail = () => {
    for (const { axis } of from) analysis.freeze(x, axis, nameOf(node), 'mixes it with others');
    for (const { axis } of to) analysis.freeze(output, axis, nameOf(node), 'mixes it with others');
  };
  while (from.length > 0 && to.length > 0) {
    const [ins, outs] = [from.splice(0, 1), to.splice(0, 1)];
    let left = ins[0]?.extent ?? ONE;
    let right = outs[0]?.extent ?? ONE;
    while (!isSame(left, right)) {
      const side = dividedBy(right, left) ? from : dividedBy(left, right) ? to : null;
      const next = side?.shift();
      if (!next) {
        from.push(...ins);
        to.push(...outs);
        fail();
        return;
      }
      if (side === from) {
        ins.push(next);
        left = times(left, next.extent);
      } else {
        outs.push(next);
        right = times(right, next.extent);
      }
    }
    relate(
      node,
      x,
      ins.map(({ axis }) => axis),
      output,
      outs.map(({ axis }) => axis),
      analysis,
    );
  }
  if (from.length + to.length > 0) fail();
}

/** Axes of `x` and of `output` that hold the same elements in the same order. */
function relate(
  node: Node,
  x: string,
  given: readonly number[],
  output: string,
  made: readonly number[],
  analysis: Analysis,
): void {
  const wide = (value: string, axes: readonly number[]) =>
    axes.filter((axis) => {
      const extent = analysis.dims(value)?.[axis];
      return extent && numberOf(extent) !== 1;
    });
  const [ins, outs] = [wide(x, given), wide(output, made)];
  if (ins.length === 1 && outs.length === 1) {
    analysis.tie(x, ins[0] ?? 0, output, outs[0] ?? 0);
    return;
  }
  const split = ins.length === 1 ? { whole: x, of: ins, parts: output, axes: outs } : null;
  const joined = outs.length === 1 ? { whole: output, of: outs, parts: x, axes: ins } : null;
  const one = split ?? joined;
  const whole = one && analysis.axis(one.whole, one.of[0] ?? 0);
  const factors = one?.axes.map((axis) => analysis.axis(one.parts, axis)) ?? [];
  if (!one || whole === null || factors.includes(null)) {
    for (const axis of ins) analysis.freeze(x, axis, nameOf(node), 'mixes it with others');
    for (const axis of outs) analysis.freeze(output, axis, nameOf(node), 'mixes it with others');
    return;
  }
  analysis.ties.relate({
    kind: 'factors',
    whole,
    factors: factors.map((axis) => ({ length: analysis.ties.width(axis ?? 0), axis })),
  });
}

export function expand(node: Node, analysis: Analysis): void {
  const [x, target] = [inputOf(node, 0), inputOf(node, 1)];
  const dims = analysis.dims(x);
  const sizes = analysis.facts(target).sizes;
  if (!dims || !sizes) {
    analysis.freezeAll(x, node, 'has a target that is not known before a run');
    analysis.freezeSizes(target, node);
    analysis.give(node, null);
    return;
  }
  const rank = Math.max(dims.length, sizes.length);
  const kept: boolean[] = [];
  const made = Array.from({ length: rank }, (_, axis) => {
    const own = dims[axis - rank + dims.length] ?? ONE;
    const size = sizes[axis - rank + sizes.length] ?? UNKNOWN;
    const wanted = axis < rank - sizes.length ? ONE : extentOfSize(size);
    kept[axis] = numberOf(own) !== 1;
    if (kept[axis]) return own;
    return wanted ?? analysis.symbol();
  });
  analysis.give(node, made);
  const output = outputOf(node);
  for (const axis of made.keys()) {
    if (kept[axis]) analysis.tie(x, axis - rank + dims.length, output, axis);
    else analysis.freeze(output, axis, nameOf(node), 'repeats along it');
  }
  followSizes(
    node,
    1,
    [...Array<Size>(rank - sizes.length).fill(UNKNOWN), ...sizes],
    output,
    analysis,
  );
}
