/** From a graph to its weights: each constant that feeds operators, with every way it is used. */
import { MAIN_GRAPH } from './graphs.ts';
import type { Graph, Model, Node, Tensor } from './model.ts';
import type { Use, Weight } from './weight.ts';

/**
 * The constants of the main graph in the order of `graph.tensors`; those that nothing uses too.
 * Identity, Transpose and a Cast to float32 are looked through, 64 in a row at most. A body that
 * uses a constant, or such a view of it, from around itself counts as a use by its node at input −1.
 */
export function findWeights({ graph }: Model): Weight[] {
  const consumers = findConsumers(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return [...graph.tensors].map(([name, tensor]) => {
    const reach: Reach = { uses: [], isGraphOutput: false };
    follow({ name, via: [], permutation: null }, tensor.dims.length, consumers, outputs, reach);
    const isGraphInput = graph.overridable.has(name);
    return {
      name,
      graph: MAIN_GRAPH,
      label: labelOf(tensor, reach.uses),
      tensor,
      ...reach,
      isGraphInput,
    };
  });
}

interface Consumer {
  readonly node: Node;
  readonly inputIndex: number;
}

interface Reach {
  readonly uses: Use[];
  isGraphOutput: boolean;
}

/** The constant itself, or a value that is only another view of it. */
interface View {
  readonly name: string;
  readonly via: readonly number[];
  readonly permutation: readonly number[] | null;
}

const CAPTURED = -1;
/** Each use lists the views before it, so a chain without end would take quadratic memory. */
const LONGEST_VIA = 64;

function findConsumers({ nodes }: Graph): ReadonlyMap<string, readonly Consumer[]> {
  const consumers = new Map<string, Consumer[]>();
  const add = (name: string, consumer: Consumer) => {
    const known = consumers.get(name);
    if (known) known.push(consumer);
    else consumers.set(name, [consumer]);
  };
  for (const node of nodes) {
    node.inputs.forEach((name, inputIndex) => {
      if (name !== '') add(name, { node, inputIndex });
    });
    const captured = new Set(node.subgraphs.flatMap((body) => [...freeNames(body)]));
    for (const name of captured) add(name, { node, inputIndex: CAPTURED });
  }
  return consumers;
}

/** Names that a body uses and does not define itself. */
function freeNames({ nodes, tensors, inputs, outputs }: Graph): Set<string> {
  const used = new Set(outputs.map(({ name }) => name));
  for (const node of nodes) {
    for (const name of node.inputs) used.add(name);
    for (const body of node.subgraphs) for (const name of freeNames(body)) used.add(name);
  }
  for (const name of tensors.keys()) used.delete(name);
  for (const { name } of inputs) used.delete(name);
  for (const node of nodes) for (const name of node.outputs) used.delete(name);
  return used;
}

function follow(
  start: View,
  rank: number,
  consumers: ReadonlyMap<string, readonly Consumer[]>,
  outputs: ReadonlySet<string>,
  reach: Reach,
): void {
  const views = [start]; // a list instead of recursion: chains may be long
  for (let view = views.pop(); view; view = views.pop()) {
    if (outputs.has(view.name)) reach.isGraphOutput = true;
    for (const { node, inputIndex } of consumers.get(view.name) ?? []) {
      const permutation = viewPermutation(node, rank);
      const [output, ...others] = node.outputs;
      const isView = permutation !== undefined && inputIndex === 0 && others.length === 0;
      if (isView && output !== undefined && view.via.length < LONGEST_VIA) {
        views.push({
          name: output,
          via: [...view.via, node.index],
          permutation: compose(view.permutation, permutation),
        });
      } else {
        const { index: nodeIndex, op, domain, name: nodeName } = node;
        const { via, permutation: seen } = view;
        reach.uses.push({
          graph: MAIN_GRAPH,
          nodeIndex,
          op,
          domain,
          nodeName,
          inputIndex,
          via,
          permutation: seen,
        });
      }
    }
  }
  reach.uses.sort((a, b) => a.nodeIndex - b.nodeIndex || a.inputIndex - b.inputIndex);
}

/** How a node permutes its input, null if not at all; undefined if it is no mere view. */
function viewPermutation(node: Node, rank: number): readonly number[] | null | undefined {
  if (node.domain !== '') return undefined;
  if (node.op === 'Identity' || isWidening(node)) return null;
  if (node.op !== 'Transpose') return undefined;
  const attribute = node.attributes.get('perm');
  if (!attribute) return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (attribute.kind !== 'ints') return undefined;
  const { values } = attribute;
  const isPermutation =
    values.length === rank && values.toSorted((a, b) => a - b).every((axis, at) => axis === at);
  return isPermutation ? values : undefined;
}

const FLOAT32 = 1; // in ONNX's numbering of types

/** Of weights that are stored in 16 bits and used in 32. */
function isWidening({ op, attributes }: Node): boolean {
  const to = attributes.get('to');
  return op === 'Cast' && to?.kind === 'int' && to.value === FLOAT32;
}

/** `outer` after `inner`; null for the identity. */
function compose(
  inner: readonly number[] | null,
  outer: readonly number[] | null,
): readonly number[] | null {
  if (!inner || !outer) return inner ?? outer;
  const composed = outer.map((axis) => inner[axis] ?? axis);
  return composed.every((axis, at) => axis === at) ? null : composed;
}

/** Names that exporters count up: `onnx::MatMul_720`, `val_12`, `_v_123`, `42`. */
const NUMBERED = /^(?:onnx::\w+_\d+|val_\d+|_v_\d+|\d+)$/;
const TRAILING_COUNT = /_\d+$/;

function labelOf(tensor: Tensor, uses: readonly Use[]): string {
  if (!NUMBERED.test(tensor.name)) return tensor.name;
  for (const { nodeName, op } of uses) {
    const steps = nodeName.split('/').filter((step) => step !== '');
    const last = steps.at(-1)?.replace(TRAILING_COUNT, '');
    if (last === op) steps.pop();
    const label = steps.join('.');
    if (label !== '' && !NUMBERED.test(label)) return label;
  }
  return tensor.name;
}
