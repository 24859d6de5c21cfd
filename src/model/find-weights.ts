/** From a model to its weights: each constant that feeds operators, with every way it is used. */
import type { Model, Node, Tensor } from './model.ts';
import { type Scope, type ScopedValue, scopesOf } from './scopes.ts';
import type { Use, Weight } from './weight.ts';

/**
 * The constants of all graphs, those of the main one first, each graph's in the order of its
 * `tensors`; those that nothing uses too. Identity, Transpose and a Cast to float32 are looked
 * through, 64 in a row at most. What a body uses from around itself is used there.
 */
export function findWeights(model: Pick<Model, 'graph' | 'functions'>): Weight[] {
  const names = new Names();
  const weights: Weight[] = [];
  for (const scope of scopesOf(model)) {
    for (const [name, tensor] of scope.graph.tensors) {
      const reach: Reach = { uses: [], isGraphOutput: false };
      const value = scope.values.get(name);
      if (value) follow(value, tensor.dims.length, reach);
      weights.push({
        name: names.unique(`${scope.prefix}${name}`),
        graph: scope.id,
        label: labelOf(tensor, reach.uses),
        tensor,
        ...reach,
        isGraphInput: scope.graph.overridable.has(name),
      });
    }
  }
  return weights;
}

/** Names given so far; one that is taken gets a number. */
class Names {
  readonly #counts = new Map<string, number>();

  unique(base: string): string {
    let name = base;
    for (let count = this.#counts.get(base) ?? 0; this.#counts.has(name); ) {
      count++;
      this.#counts.set(base, count);
      name = `${base}_${count + 1}`;
    }
    this.#counts.set(name, 0);
    return name;
  }
}

interface Reach {
  readonly uses: Use[];
  isGraphOutput: boolean;
}

/** The constant itself, or a value that is only another view of it. */
interface View extends Pick<Use, 'via' | 'viaGraphs' | 'permutation'> {
  readonly value: ScopedValue;
}

/** Each use lists the views before it, so a chain without end would take quadratic memory. */
const LONGEST_VIA = 64;

function follow(start: ScopedValue, rank: number, reach: Reach): void {
  const found: { readonly use: Use; readonly scope: Scope }[] = [];
  // a list instead of recursion: chains may be long
  const views: View[] = [{ value: start, via: [], viaGraphs: [], permutation: null }];
  for (let view = views.pop(); view; view = views.pop()) {
    const { via, viaGraphs, permutation: seen } = view;
    if (view.value.isOutput) reach.isGraphOutput = true;
    for (const { scope, node, inputIndex } of view.value.consumers) {
      const permutation = viewPermutation(node, rank);
      const [output, ...others] = node.outputs;
      const isView = permutation !== undefined && inputIndex === 0 && others.length === 0;
      const value = isView && output !== undefined ? scope.values.get(output) : undefined;
      if (value && via.length < LONGEST_VIA) {
        views.push({
          value,
          via: [...via, node.index],
          viaGraphs: [...viaGraphs, scope.id],
          permutation: compose(seen, permutation ?? null),
        });
      } else {
        const { index: nodeIndex, op, domain, name: nodeName } = node;
        const consumer = { graph: scope.id, nodeIndex, op, domain, nodeName, inputIndex };
        found.push({ use: { ...consumer, via, viaGraphs, permutation: seen }, scope });
      }
    }
  }
  found.sort(
    (a, b) =>
      a.scope.order - b.scope.order ||
      a.use.nodeIndex - b.use.nodeIndex ||
      a.use.inputIndex - b.use.inputIndex,
  );
  reach.uses.push(...found.map(({ use }) => use));
}

/** How a node permutes its input, null if not at all; undefined if it is no mere view. */
function viewPermutation(node: Node, rank: number): readonly number[] | null | undefined {
  if (node.domain !== '' || node.subgraphs.length > 0) return undefined;
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
