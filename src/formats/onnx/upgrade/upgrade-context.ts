/** What conversions of one graph share: names, constants, and the little they know of values. */
import type { DType } from '../../../core/dtype.ts';
import type { NodeSpec, TensorSpec } from '../../../model/edit.ts';
import type { Graph } from '../../../model/model.ts';
import type { Draft } from './draft.ts';
import { ShapeFacts } from './shape-facts.ts';

/** What is known of the whole model. */
export interface ModelFacts {
  /** No value of another float type is in sight. */
  readonly isFloat32Only: boolean;
  /** Names that any node reads or any graph gives out. */
  readonly used: ReadonlySet<string>;
}

/** Changes a node of the opset before into one of the opset; notes a problem if it cannot. */
export type Convert = (draft: Draft, context: UpgradeContext) => void;

const FIRST_CAST_LIKE = 15;
const INT64_LIMIT = 2n ** 63n;

export class UpgradeContext {
  readonly to: number;
  readonly facts: ModelFacts;
  readonly #unique: (base: string) => string;
  readonly #shapes: ShapeFacts;
  readonly #constants = new Map<string, TensorSpec>();

  constructor(graph: Graph, to: number, facts: ModelFacts, unique: (base: string) => string) {
    this.to = to;
    this.facts = facts;
    this.#shapes = new ShapeFacts(graph);
    this.#unique = unique;
  }

  /** Of a value of the graph; undefined if it is not known. */
  rankOf = (name: string): number | undefined => this.#shapes.rankOf(name);
  /** Of a constant of the graph. */
  dimsOf = (name: string): readonly number[] | undefined => this.#shapes.dimsOf(name);

  get constants(): readonly TensorSpec[] {
    return [...this.#constants.values()];
  }

  /** The name of an int64 constant: a list, or a scalar. */
  ints(role: string, values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const dims = typeof values === 'number' ? [] : [list.length];
    const elements = BigInt64Array.from(list, toInt64);
    return this.#constant(role, 'int64', dims, new Uint8Array(elements.buffer));
  }

  /** The name of a float32 constant: a list, or a scalar. */
  floats(role: string, values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const dims = typeof values === 'number' ? [] : [list.length];
    return this.#constant(role, 'float32', dims, new Uint8Array(Float32Array.from(list).buffer));
  }

  /** A float scalar of the type that `value` has; '' with a problem noted if that is not known. */
  scalarLike(draft: Draft, role: string, scalar: number, value: string): string {
    const constant = this.floats(role, scalar);
    if (this.facts.isFloat32Only) return constant;
    if (this.to < FIRST_CAST_LIKE) {
      draft.problem ??= `its ${role} needs the type of ${value}, which is not known`;
      return '';
    }
    return this.value(draft.before, 'CastLike', [constant, value], role);
  }

  /** Adds a node with one output to `nodes` and gives the output's name. */
  value(
    nodes: NodeSpec[],
    op: string,
    inputs: readonly string[],
    role: string,
    attributes: NodeSpec['attributes'] = {},
  ): string {
    const output = this.name(role);
    nodes.push({
      op,
      domain: '',
      name: this.name(`${role}_${op}`),
      inputs,
      outputs: [output],
      attributes,
    });
    return output;
  }

  name = (role: string): string => this.#unique(`upgraded_${role}`);

  #constant(
    role: string,
    dtype: DType,
    dims: readonly number[],
    bytes: Uint8Array<ArrayBuffer>,
  ): string {
    const key = `${role} ${dtype} [${dims}] ${bytes}`;
    const known = this.#constants.get(key);
    if (known) return known.name;
    const name = this.name(role);
    this.#constants.set(key, { name, key: `upgrade:${name}`, dtype, dims, bytes });
    return name;
  }
}

/** Integers beyond 2^53 were rounded on reading: "to the end" is 2^63 then, one too many. */
function toInt64(value: number): bigint {
  const wide = BigInt(value);
  if (wide >= INT64_LIMIT) return INT64_LIMIT - 1n;
  return wide < -INT64_LIMIT ? -INT64_LIMIT : wide;
}
