/**
 * Parts of a network that add something to what they are given: attention with its residual, a
 * feed-forward layer, two convolutions around which a picture passes.
 */
import type { Graph, Node } from '../../model/model.ts';
import type { Analysis } from '../analysis.ts';
import { isSame } from '../extent.ts';
import { type DataFlow, nextOnEveryWay, nodesBetween } from './data-flow.ts';

export interface ResidualUnit {
  /** Its input by its place on the trunk; the sum is the next. */
  readonly at: number;
  /** What it does, whatever its names: alike for units of one kind. */
  readonly kind: string;
}

/** Values that everything passes through from the first one to an output, in order. */
export interface Trunk {
  readonly values: readonly string[];
  readonly units: readonly ResidualUnit[];
  /** What makes each value from the one before it; undefined for the first. */
  readonly steps: readonly (readonly Node[] | undefined)[];
}

/** Runtimes that merge norms with sums give them this name. */
const SUMS: ReadonlySet<string> = new Set(['Add', 'Sum', 'SkipLayerNormalization']);
/** Of a graph with many outputs (every layer's keys, say), so many are followed. */
const MOST_OUTPUTS = 8;

/** The way to an output that holds the most residual units; null if none holds any. */
export function trunkOf(flow: DataFlow, analysis: Analysis): Trunk | null {
  let best: Trunk | null = null;
  for (const { name } of flow.graph.outputs.slice(0, MOST_OUTPUTS)) {
    const trunk = trunkTo(name, flow, analysis);
    if (trunk && trunk.units.length > (best?.units.length ?? 0)) best = trunk;
  }
  return best;
}

function trunkTo(output: string, flow: DataFlow, analysis: Analysis): Trunk | null {
  const next = nextOnEveryWay(flow, output);
  const counts = new Map<string, number>([[output, 0]]);
  let first = output;
  // A value's next one is settled before it, and so is its count.
  for (const [value, after] of next) {
    const isUnit = isSum(flow, value, after) && hasSameShape(analysis, value, after);
    const count = (counts.get(after) ?? 0) + (isUnit ? 1 : 0);
    counts.set(value, count);
    if (count > (counts.get(first) ?? 0)) first = value;
  }
  if (first === output) return null;
  const values = [first];
  for (let at = next.get(first); at !== undefined; at = next.get(at)) values.push(at);
  const steps = values.map((value, at) => {
    const before = values[at - 1];
    return before === undefined ? undefined : nodesBetween(flow, before, value);
  });
  const units: ResidualUnit[] = [];
  for (const [at, value] of values.entries()) {
    const [after, nodes] = [values[at + 1], steps[at + 1]];
    if (after === undefined || !nodes || !isSum(flow, value, after)) continue;
    if (!hasSameShape(analysis, value, after) || !hasMatrix(flow.graph, nodes)) continue;
    units.push({ at, kind: kindOf(flow.graph, nodes) });
  }
  return { values, units, steps };
}

/** A value that is summed with what is made from it: whoever makes that reads the value too. */
function isSum({ maker, readers }: DataFlow, value: string, after: string): boolean {
  const node = maker.get(after);
  if (!node || !SUMS.has(node.op) || !node.inputs.includes(value)) return false;
  return (readers.get(value) ?? 0) > 1;
}

export function hasSameShape(analysis: Analysis, a: string, b: string): boolean {
  const [left, right] = [analysis.dims(a), analysis.dims(b)];
  if (!left || !right || left.length !== right.length || left.length < 2) return false;
  return left.every((extent, axis) => {
    const other = right[axis];
    return other !== undefined && isSame(extent, other);
  });
}

const matricesOf = (graph: Graph, nodes: readonly Node[]) =>
  nodes.flatMap(({ inputs }) =>
    inputs.flatMap((name) => {
      const tensor = graph.tensors.get(name);
      return tensor && tensor.dims.length > 1 ? [tensor] : [];
    }),
  );

const hasMatrix = (graph: Graph, nodes: readonly Node[]): boolean =>
  matricesOf(graph, nodes).length > 0;

/** Operators and the shapes of matrices: equal for what differs in values and names alone. */
export function kindOf(graph: Graph, nodes: readonly Node[]): string {
  const ops = nodes.map(({ domain, op }) => `${domain}.${op}`).sort();
  const matrices = matricesOf(graph, nodes).map(({ dtype, dims }) => `${dtype}${dims.join('×')}`);
  return [...ops, ...matrices.sort()].join();
}
