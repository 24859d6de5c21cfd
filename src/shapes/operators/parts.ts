/** Operators that take parts of axes, or put parts together. */
import type { Node } from '../../model/model.ts';
import { type Analysis, nameOf } from '../analysis.ts';
import { type Extent, extentOf, numberOf } from '../extent.ts';
import { axisOf, inputOf, intOf, intsOf, listOf, numbersOf, outputOf } from '../node-values.ts';
import { literal, numberOfSize, type Size, UNKNOWN } from '../size.ts';

const UNKNOWN_SHAPE = 'has operands of unknown shape';
const MOST_SIZES = 16;

export function concat(node: Node, analysis: Analysis): void {
  const shapes = node.inputs.map((name) => analysis.dims(name));
  const [first] = shapes;
  const axis = first ? axisOf(intOf(node, 'axis', 0), first.length) : null;
  if (!first || axis === null || shapes.some((shape) => shape?.length !== first.length)) {
    for (const name of node.inputs) analysis.freezeAll(name, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const lengths = shapes.map((shape) => (shape?.[axis] ? numberOf(shape[axis]) : null));
  const total = lengths.every((it) => it !== null) ? lengths.reduce((a, b) => a + b, 0) : null;
  const dims = first.map((extent, at) => {
    if (at === axis) return total === null ? analysis.symbol() : extentOf(total);
    return (
      shapes.map((shape) => shape?.[at] ?? extent).find((it) => numberOf(it) !== null) ?? extent
    );
  });
  analysis.give(node, dims, { sizes: first.length === 1 ? joinedSizes(node, analysis) : null });
  const output = outputOf(node);
  const whole = analysis.axis(output, axis);
  let offset = 0;
  for (const [at, name] of node.inputs.entries()) {
    for (const other of dims.keys()) if (other !== axis) analysis.tie(name, other, output, other);
    const part = analysis.axis(name, axis);
    if (part !== null) {
      if (whole === null)
        analysis.freeze(name, axis, nameOf(node), 'joins it to an unknown length');
      else analysis.ties.relate({ kind: 'segment', whole, part, offset });
    }
    offset += lengths[at] ?? 0;
  }
}

/** A literal that only constants have handled is brought in here. */
function joinedSizes(node: Node, analysis: Analysis): readonly Size[] | null {
  const sizes: Size[] = [];
  for (const [input, name] of node.inputs.entries()) {
    const own = analysis.facts(name).sizes;
    const length = analysis.dims(name)?.[0];
    const count = own?.length ?? (length ? numberOf(length) : null);
    if (count === null || sizes.length + count > MOST_SIZES) return null;
    const isWhole = own?.every(({ kind }) => kind === 'literal') ?? false;
    for (let element = 0; element < count; element++) {
      const size = own?.[element] ?? UNKNOWN;
      const isOpen = size.kind === 'literal' && size.place === null && isWhole;
      const place = { node: node.index, input, element };
      sizes.push(isOpen ? { ...size, place } : size);
    }
  }
  return sizes;
}

export function split(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const axis = dims ? axisOf(intOf(node, 'axis', 0), dims.length) : null;
  const extent = axis === null ? undefined : dims?.[axis];
  const length = extent ? numberOf(extent) : null;
  const given = listOf(node, 'split', 1, analysis);
  const count = node.outputs.length;
  const equal = length === null ? null : Math.ceil(length / count);
  const lengths =
    given ??
    (equal === null || length === null
      ? null
      : node.outputs.map((_, at) => Math.min(equal, length - at * equal)));
  if (!dims || axis === null || !lengths || lengths.length !== count) {
    analysis.freezeAll(x, node, UNKNOWN_SHAPE);
    for (const name of node.outputs) analysis.set(name, null);
    return;
  }
  const whole = analysis.axis(x, axis);
  const { isConstant } = analysis.facts(x);
  let offset = 0;
  for (const [at, name] of node.outputs.entries()) {
    const own = lengths[at] ?? 0;
    analysis.set(
      name,
      dims.map((it, other) => (other === axis ? extentOf(own) : it)),
      { isConstant },
    );
    for (const other of dims.keys()) if (other !== axis) analysis.tie(x, other, name, other);
    const part = analysis.axis(name, axis);
    if (whole !== null && part !== null) {
      analysis.ties.relate({ kind: 'segment', whole, part, offset });
      if (inputOf(node, 1) !== '') {
        const isDirect = analysis.graph.tensors.has(inputOf(node, 1));
        if (isDirect)
          analysis.sizeEdits.push({ node: node.index, input: 1, element: at, axis: part });
        else analysis.freeze(x, axis, nameOf(node), 'is given lengths that are computed');
      } else if (given) {
        const edit = { node: node.index, name: 'split', element: at, axis: part };
        analysis.attributeEdits.push(edit);
      }
    } else if (whole !== null) {
      analysis.freeze(x, axis, nameOf(node), 'takes single entries of it');
    }
    offset += own;
  }
}

export function slice(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const { dims, sizes } = analysis.facts(x);
  const [starts, ends] = [listOf(node, 'starts', 1, analysis), listOf(node, 'ends', 2, analysis)];
  const steps = inputOf(node, 4) === '' ? null : numbersOf(inputOf(node, 4), analysis);
  const count = analysis.dims(inputOf(node, 1))?.[0];
  const among = Array.from(
    { length: (count && numberOf(count)) ?? starts?.length ?? 0 },
    (_, i) => i,
  );
  const axes =
    inputOf(node, 3) === ''
      ? (intsOf(node, 'axes') ?? among)
      : numbersOf(inputOf(node, 3), analysis);
  for (const at of [1, 2]) analysis.freezeSizes(inputOf(node, at), node);
  if (!dims || !axes) {
    analysis.freezeAll(x, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const made: Extent[] = [...dims];
  const whole = new Set(dims.keys());
  const taken: Size[] | null = sizes && starts && ends && dims.length === 1 ? [] : null;
  for (const [at, given] of axes.entries()) {
    const axis = axisOf(given, dims.length);
    const extent = axis === null ? undefined : dims[axis];
    if (axis === null || !extent) continue;
    const range = rangeOf(numberOf(extent), starts?.[at], ends?.[at], steps?.[at] ?? 1);
    if (range?.isWhole) {
      if (taken && sizes) taken.push(...sizes);
      continue;
    }
    whole.delete(axis);
    made[axis] = range ? extentOf(range.length) : analysis.symbol();
    analysis.freeze(x, axis, nameOf(node), 'takes a part of it');
    if (taken && sizes && range && range.step === 1) {
      taken.push(...sizes.slice(range.start, range.start + range.length));
    }
  }
  analysis.give(node, made, { sizes: taken && taken.length > 0 ? taken : null });
  for (const axis of dims.keys()) {
    if (whole.has(axis)) analysis.tie(x, axis, outputOf(node), axis);
    else analysis.freeze(outputOf(node), axis, nameOf(node), 'takes a part of it');
  }
}

function rangeOf(
  length: number | null,
  start: number | undefined,
  end: number | undefined,
  step: number,
) {
  if (start === 0 && step === 1 && end !== undefined && end >= 2 ** 31 - 1) {
    return { isWhole: true, start: 0, length: length ?? 0, step };
  }
  if (length === null || start === undefined || end === undefined || step <= 0) return null;
  const clamp = (at: number) => Math.min(length, Math.max(0, at < 0 ? at + length : at));
  const [from, to] = [clamp(start), clamp(end)];
  const taken = Math.max(0, Math.ceil((to - from) / step));
  return { isWhole: taken === length, start: from, length: taken, step };
}

export function gather(node: Node, analysis: Analysis): void {
  const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
  const { dims, sizes } = analysis.facts(x);
  const at = analysis.dims(indices);
  const axis = dims ? axisOf(intOf(node, 'axis', 0), dims.length) : null;
  analysis.freezeSizes(indices, node);
  if (!dims || !at || axis === null) {
    analysis.freezeAll(x, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const picked = sizes && pickedSizes(sizes, indices, analysis);
  if (sizes && !picked) analysis.freezeSizes(x, node);
  analysis.give(node, [...dims.slice(0, axis), ...at, ...dims.slice(axis + 1)], {
    sizes: picked ?? null,
  });
  const output = outputOf(node);
  analysis.freeze(x, axis, nameOf(node), 'looks up single entries of it');
  for (const [own] of at.entries()) {
    analysis.tie(indices, own, output, axis + own);
    analysis.freeze(output, axis + own, nameOf(node), 'looks up single entries of it');
  }
  for (const own of dims.keys()) {
    if (own !== axis) analysis.tie(x, own, output, own < axis ? own : own - 1 + at.length);
  }
}

function pickedSizes(
  sizes: readonly Size[],
  indices: string,
  analysis: Analysis,
): readonly Size[] | null {
  const at = analysis.facts(indices).sizes?.map(numberOfSize);
  if (!at?.every((index) => index !== null)) return null;
  return at.map((index) => sizes[index < 0 ? index + sizes.length : index] ?? UNKNOWN);
}

export function pad(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const pads = listOf(node, 'pads', 1, analysis);
  if (!dims || pads?.length !== 2 * dims.length) {
    analysis.freezeAll(x, node, UNKNOWN_SHAPE);
    analysis.give(node, null);
    return;
  }
  const padding = dims.map((_, axis) => (pads[axis] ?? 0) + (pads[axis + dims.length] ?? 0));
  analysis.give(
    node,
    dims.map((extent, axis) => {
      if (padding[axis] === 0) return extent;
      const length = numberOf(extent);
      return length === null ? analysis.symbol() : extentOf(length + (padding[axis] ?? 0));
    }),
  );
  for (const axis of dims.keys()) {
    if (padding[axis] === 0) analysis.tie(x, axis, outputOf(node), axis);
    else analysis.freeze(x, axis, nameOf(node), 'pads it');
  }
}

export const literalSizes = (values: readonly number[]): readonly Size[] =>
  values.map((value) => literal(value));
