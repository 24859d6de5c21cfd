/**
 * Which axes of which values have to keep the same indices: a union-find over (value, axis), and
 * relations where one axis is made of others. Only axes of a known length above 1 take part.
 */

/** Why an axis stays as it is: the operator that sees to it, and what it does with the axis. */
export interface Obstacle {
  readonly node: string;
  readonly why: string;
}

/** `whole` [offset, offset + width of part) is `part`. */
export interface Segment {
  readonly kind: 'segment';
  readonly whole: number;
  readonly part: number;
  readonly offset: number;
}

/** `whole` counts through `factors`, the last one fastest; a plain number is an axis of no name. */
export interface Factors {
  readonly kind: 'factors';
  readonly whole: number;
  readonly factors: readonly Factor[];
}

export interface Factor {
  readonly length: number;
  /** null: nothing can be taken from it. */
  readonly axis: number | null;
}

export type Relation = Segment | Factors;

interface Entry {
  readonly value: string;
  readonly axis: number;
  readonly width: number;
}

export class TiedAxes {
  readonly #ids = new Map<string, number>();
  readonly #entries: Entry[] = [];
  readonly #parents: number[] = [];
  readonly #obstacles: (Obstacle | null)[] = [];
  readonly #relations: Relation[] = [];

  /** The id of an axis of `width` > 1. */
  axis(value: string, axis: number, width: number): number {
    const key = `${axis}:${value}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#entries.length;
    this.#ids.set(key, id);
    this.#entries.push({ value, axis, width });
    this.#parents.push(id);
    this.#obstacles.push(null);
    return id;
  }

  /** The class of the axis, if it has one. */
  find(value: string, axis: number): number | null {
    const id = this.#ids.get(`${axis}:${value}`);
    return id === undefined ? null : this.root(id);
  }

  root(id: number): number {
    let at = id;
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) {
      this.#parents[at] = this.#parents[parent] ?? parent;
      at = parent;
    }
    return at;
  }

  tie(a: number, b: number): void {
    const [left, right] = [this.root(a), this.root(b)];
    if (left === right) return;
    this.#parents[right] = left;
    this.#obstacles[left] ??= this.#obstacles[right] ?? null;
  }

  freeze(id: number, obstacle: Obstacle): void {
    this.#obstacles[this.root(id)] ??= obstacle;
  }

  relate(relation: Relation): void {
    this.#relations.push(relation);
  }

  obstacle(id: number): Obstacle | null {
    return this.#obstacles[this.root(id)] ?? null;
  }

  value(id: number): string {
    return this.#entries[id]?.value ?? '';
  }

  width(id: number): number {
    return this.#entries[id]?.width ?? 0;
  }

  /** With roots for ids, each once. */
  relations(): readonly Relation[] {
    const seen = new Map<string, Relation>();
    for (const relation of this.#relations) {
      const rooted = this.#rooted(relation);
      seen.set(JSON.stringify(rooted), rooted);
    }
    return [...seen.values()];
  }

  #rooted(relation: Relation): Relation {
    const whole = this.root(relation.whole);
    if (relation.kind === 'segment') return { ...relation, whole, part: this.root(relation.part) };
    const factors = relation.factors.map(({ length, axis }) => ({
      length,
      axis: axis === null ? null : this.root(axis),
    }));
    return { ...relation, whole, factors };
  }

  /** Root → the axes of its class. */
  classes(): ReadonlyMap<number, readonly Entry[]> {
    const classes = new Map<number, Entry[]>();
    this.#entries.forEach((entry, id) => {
      const root = this.root(id);
      const known = classes.get(root);
      if (known) known.push(entry);
      else classes.set(root, [entry]);
    });
    return classes;
  }
}
