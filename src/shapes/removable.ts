/**
 * What of a model can be cut away: units of indices over several axes that go together, found from
 * the operators alone. What cannot says which operator is in the way.
 */
import type { Graph } from '../model/model.ts';
import type { Analysis, Use } from './analysis.ts';
import type { Factor, Factors, Obstacle, Relation } from './tied-axes.ts';

/** `features`: no wider than what they are made from, as in a pooler. */
export type GroupKind = 'neurons' | 'heads' | 'channels' | 'features';

/** Indices that go together, by class of tied axes. */
export type Unit = ReadonlyMap<number, readonly number[]>;

/** Units of one kind in one place: the neurons of a layer, its heads, the channels of a stage. */
export interface RemovableGroup {
  readonly kind: GroupKind;
  readonly units: readonly Unit[];
  /** Constants that sum over a cut axis, by which the units are judged and refitted. */
  readonly takers: readonly Taker[];
}

/** A constant that sums over an axis of the class `tied`. */
export interface Taker extends Use {
  readonly tied: number;
}

export interface Unremovable {
  /** A constant that has the axis. */
  readonly tensor: string;
  readonly axis: number;
  readonly width: number;
  readonly obstacle: Obstacle;
}

/** An axis of a constant. */
export interface TensorAxis {
  readonly tensor: string;
  readonly axis: number;
}

export interface Removable {
  readonly groups: readonly RemovableGroup[];
  readonly fixed: readonly Unremovable[];
  /** Class → what it has of constants. */
  readonly tensors: ReadonlyMap<number, readonly TensorAxis[]>;
  readonly widths: ReadonlyMap<number, number>;
}

const NOTHING_LEFT = 'would have nothing left';
/** Units of a class are as alike as its indices, so a class without a first unit has none. */
const MOST_ROUNDS = 10_000;

export function findRemovable(graph: Graph, analysis: Analysis): Removable {
  const { ties } = analysis;
  freezeLiterals(analysis);
  const classes = ties.classes();
  const tensors = new Map<number, TensorAxis[]>();
  const widths = new Map<number, number>();
  for (const [id, entries] of classes) {
    widths.set(id, ties.width(id));
    const own = entries.flatMap(({ value, axis }) =>
      graph.tensors.has(value) ? [{ tensor: value, axis }] : [],
    );
    if (own.length > 0) tensors.set(id, own);
  }
  const closure = new Closure(analysis);
  const groups: RemovableGroup[] = [];
  const fixed: Unremovable[] = [];
  const done = new Set<string>();
  for (const [id, own] of tensors) {
    const [first] = own;
    const width = ties.width(id);
    const found = new Map<string, Unit[]>();
    for (let index = 0; index < width; index++) {
      if (done.has(`${id}:${index}`)) continue;
      const unit = closure.of(id, index);
      if ('node' in unit) {
        if (index === 0 && first) fixed.push({ ...first, width, obstacle: unit });
        break;
      }
      const keys = [...unit].flatMap(([axis, indices]) => indices.map((at) => `${axis}:${at}`));
      // Another way to cut what a unit has already: across it, such as a value of every head.
      if (keys.some((key) => done.has(key))) break;
      for (const key of keys) done.add(key);
      const signature = [...unit].map(([axis, indices]) => `${axis}×${indices.length}`).join();
      const known = found.get(signature);
      if (known) known.push(unit);
      else found.set(signature, [unit]);
    }
    for (const units of found.values()) {
      const group = groupOf(units, analysis);
      if (units.length > 1 && group.takers.length > 0) groups.push(group);
    }
  }
  return { groups, fixed, tensors, widths };
}

function groupOf(units: readonly Unit[], analysis: Analysis): RemovableGroup {
  const { ties } = analysis;
  const axes = new Set(units[0]?.keys());
  const has = (ids: readonly number[]) => ids.some((id) => axes.has(ties.root(id)));
  const takers = analysis.uses.flatMap((use): Taker[] => {
    const tied = ties.find(use.tensor, use.axis);
    return use.role === 'takes' && tied !== null && axes.has(tied) ? [{ ...use, tied }] : [];
  });
  if (has(analysis.batched)) return { kind: 'heads', units, takers };
  if (has(analysis.convolved)) return { kind: 'channels', units, takers };
  return { kind: isHidden(axes, units.length, analysis) ? 'neurons' : 'features', units, takers };
}

/** Hidden layers are wider than what they are made from; poolers and the like are not. */
function isHidden(axes: ReadonlySet<number>, count: number, analysis: Analysis): boolean {
  const { ties, uses, graph } = analysis;
  return uses.some(({ tensor, axis, role }) => {
    const id = ties.find(tensor, axis);
    const inputs = graph.tensors.get(tensor)?.dims[1 - axis] ?? 0;
    return role === 'makes' && id !== null && axes.has(id) && inputs < count;
  });
}

/** Literals that several axes need, or that are computed with, cannot follow any. */
function freezeLiterals(analysis: Analysis): void {
  const { ties, sizeEdits, fixedLiterals } = analysis;
  const keyOf = (it: { node: number; input: number; element: number }) =>
    `${it.node}/${it.input}/${it.element}`;
  const fixed = new Set(fixedLiterals.map(keyOf));
  const axes = new Map<string, number>();
  for (const edit of sizeEdits) {
    const key = keyOf(edit);
    const known = axes.get(key);
    axes.set(key, edit.axis);
    const isShared = known !== undefined && ties.root(known) !== ties.root(edit.axis);
    if (!isShared && !fixed.has(key)) continue;
    const { name, op } = analysis.graph.nodes[edit.node] ?? { name: '', op: 'a node' };
    const obstacle = { node: name || op, why: 'states its length for several uses' };
    ties.freeze(edit.axis, obstacle);
    if (known !== undefined) ties.freeze(known, obstacle);
  }
}

/** From one index to all that go with it. */
class Closure {
  readonly #analysis: Analysis;
  readonly #relations = new Map<number, Relation[]>();
  /** Which factor of a relation gave way, tried first the next time. */
  readonly #chosen = new Map<Relation, number>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    for (const relation of analysis.ties.relations()) {
      const parts = relation.kind === 'segment' ? [relation.part] : factorAxes(relation);
      for (const id of new Set([relation.whole, ...parts])) {
        const known = this.#relations.get(id);
        if (known) known.push(relation);
        else this.#relations.set(id, [relation]);
      }
    }
  }

  /** The unit of an index, or what is in the way. */
  of(id: number, index: number): Unit | Obstacle {
    const removed = new Map<number, Set<number>>();
    const obstacle = this.#add(id, [index], removed) ?? this.#settle([id], removed);
    if (obstacle) return obstacle;
    return new Map(
      [...removed].map(([axis, indices]) => [axis, [...indices].sort((a, b) => a - b)]),
    );
  }

  #add(id: number, indices: readonly number[], removed: Map<number, Set<number>>): Obstacle | null {
    const { ties } = this.#analysis;
    const obstacle = ties.obstacle(id);
    if (obstacle) return obstacle;
    const known = removed.get(id) ?? new Set<number>();
    for (const index of indices) known.add(index);
    removed.set(id, known);
    return known.size < ties.width(id) ? null : { node: ties.value(id), why: NOTHING_LEFT };
  }

  /** Follows relations until nothing changes; backs out of factors that are in the way. */
  #settle(changed: readonly number[], removed: Map<number, Set<number>>): Obstacle | null {
    const waiting = [...changed];
    for (let round = 0; waiting.length > 0 && round < MOST_ROUNDS; round++) {
      const id = waiting.shift() ?? 0;
      for (const relation of this.#relations.get(id) ?? []) {
        const before = sizesIn(relation, removed);
        const obstacle =
          relation.kind === 'segment'
            ? this.#segment(relation, removed)
            : this.#factors(relation, removed);
        if (obstacle) return obstacle;
        for (const [axis, size] of sizesIn(relation, removed)) {
          if (before.get(axis) !== size) waiting.push(axis);
        }
      }
    }
    return null;
  }

  #segment(
    { whole, part, offset }: Extract<Relation, { kind: 'segment' }>,
    removed: Map<number, Set<number>>,
  ): Obstacle | null {
    const width = this.#analysis.ties.width(part);
    const inPart = [...(removed.get(whole) ?? [])]
      .map((index) => index - offset)
      .filter((index) => index >= 0 && index < width);
    const inWhole = [...(removed.get(part) ?? [])].map((index) => index + offset);
    const first = inPart.length > 0 ? this.#add(part, inPart, removed) : null;
    return first ?? (inWhole.length > 0 ? this.#add(whole, inWhole, removed) : null);
  }

  #factors(relation: Factors, removed: Map<number, Set<number>>): Obstacle | null {
    const { whole, factors } = relation;
    const covered = slabs(factors, removed);
    if (covered.length > 0) {
      const obstacle = this.#add(whole, covered, removed);
      if (obstacle) return obstacle;
    }
    const inside = new Set(covered);
    const open = [...(removed.get(whole) ?? [])].find((index) => !inside.has(index));
    if (open === undefined) return null;
    const order = [...factors.keys()];
    const known = this.#chosen.get(relation);
    let last: Obstacle | null = null;
    for (const at of known === undefined ? order : [known]) {
      const axis = factors[at]?.axis ?? null;
      if (axis === null) continue;
      const trial = new Map([...removed].map(([id, indices]) => [id, new Set(indices)] as const));
      const obstacle =
        this.#add(axis, [coordinate(factors, at, open)], trial) ??
        this.#factors(relation, trial) ??
        this.#settle([axis, whole], trial);
      if (!obstacle) {
        this.#chosen.set(relation, at);
        for (const [id, indices] of trial) removed.set(id, indices);
        return null;
      }
      last ??= obstacle;
    }
    return last ?? { node: 'Reshape', why: 'splits it into parts that stay' };
  }
}

const factorAxes = ({ factors }: Factors): readonly number[] =>
  factors.flatMap(({ axis }) => axis ?? []);

function sizesIn(relation: Relation, removed: ReadonlyMap<number, ReadonlySet<number>>) {
  const parts = relation.kind === 'segment' ? [relation.part] : factorAxes(relation);
  return new Map([relation.whole, ...parts].map((id) => [id, removed.get(id)?.size ?? 0]));
}

const strideOf = (factors: readonly Factor[], at: number): number =>
  factors.slice(at + 1).reduce((sum, { length }) => sum * length, 1);

const coordinate = (factors: readonly Factor[], at: number, index: number): number =>
  Math.floor(index / strideOf(factors, at)) % (factors[at]?.length ?? 1);

/** Indices of the whole whose coordinate along some factor is removed. */
function slabs(
  factors: readonly Factor[],
  removed: ReadonlyMap<number, ReadonlySet<number>>,
): readonly number[] {
  const gone = factors.map(({ axis }) => (axis === null ? null : (removed.get(axis) ?? null)));
  if (gone.every((set) => set === null)) return [];
  const width = factors.reduce((sum, { length }) => sum * length, 1);
  const found: number[] = [];
  for (let index = 0; index < width; index++) {
    if (gone.some((set, at) => set?.has(coordinate(factors, at, index)))) found.push(index);
  }
  return found;
}
