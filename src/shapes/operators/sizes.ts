/** Operators that turn shapes into numbers and numbers into shapes. */
import type { Node } from '../../model/model.ts';
import { type Analysis, nameOf } from '../analysis.ts';
import { extentOf, numberOf } from '../extent.ts';
import { inputOf, intOf, outputOf } from '../node-values.ts';
import { axesOf, extentOfSize, literal, numberOfSize, type Size } from '../size.ts';

const MOST_SIZES = 16;

export function shape(node: Node, analysis: Analysis): void {
  const x = inputOf(node, 0);
  const dims = analysis.dims(x);
  const [start, end] = [intOf(node, 'start', 0), intOf(node, 'end', dims?.length ?? 0)];
  const sizes = dims
    ?.map((extent, axis): Size => ({ kind: 'extent', extent, axes: [{ value: x, axis }] }))
    .slice(start, end);
  analysis.set(outputOf(node), sizes ? [extentOf(sizes.length)] : null, { sizes: sizes ?? null });
}

export function constantOfShape(node: Node, analysis: Analysis): void {
  const target = inputOf(node, 0);
  const { sizes, isConstant } = analysis.facts(target);
  const length = analysis.dims(target)?.[0];
  const isScalar = length !== undefined && numberOf(length) === 0;
  if (!sizes && !isScalar) {
    analysis.give(node, null);
    return;
  }
  const dims = (sizes ?? []).map((size) => extentOfSize(size) ?? analysis.symbol());
  const value = node.attributes.get('value');
  const filled = value?.kind === 'tensor' ? value.tensor.ints?.[0] : undefined;
  const count = dims.length === 1 && dims[0] ? numberOf(dims[0]) : null;
  const isList = filled !== undefined && count !== null && count <= MOST_SIZES;
  analysis.give(node, dims, {
    isConstant,
    sizes: isList ? Array.from({ length: count }, () => literal(filled)) : null,
  });
  const refs = (sizes ?? []).flatMap(axesOf);
  // A list as long as a shape has axes follows no axis.
  if (!isList) analysis.freezeRefs(refs, node, 'fills a tensor of its length');
  for (const axis of dims.keys()) {
    analysis.freeze(outputOf(node), axis, nameOf(node), 'fills a tensor of its length');
  }
}

export function range(node: Node, analysis: Analysis): void {
  const [start, limit, step] = [0, 1, 2].map(
    (at) => analysis.facts(inputOf(node, at)).sizes?.[0] ?? null,
  );
  for (const name of node.inputs) analysis.freezeSizes(name, node);
  const isPlain = start && numberOfSize(start) === 0 && step && numberOfSize(step) === 1 && limit;
  const extent = isPlain ? extentOfSize(limit) : null;
  analysis.give(node, [extent ?? analysis.symbol()]);
  analysis.freeze(outputOf(node), 0, nameOf(node), 'counts along it');
}
