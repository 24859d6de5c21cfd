/** Names, small constants and shared activations of edited graphs. */
import type { NodeSpec, TensorSpec } from '../model/edit.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Graph, Model } from '../model/model.ts';

/** An activation after DynamicQuantizeLinear, by value names. */
export interface QuantizedActivation {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** A name with its suffixes must stay below what a reader of the file loads. */
const LONGEST_STEM = 1000;

/** Names of values and nodes that no graph of a model has: bodies may not define one again. */
export class FreshNames {
  readonly #taken = new Set<string>();
  /** How often a stem was asked for: names of many namesakes take no time of their square. */
  readonly #counts = new Map<string, number>();

  constructor(model: Pick<Model, 'graph' | 'functions'>) {
    for (const { tensors, inputs, nodes } of graphsOf(model).values()) {
      for (const name of tensors.keys()) this.#taken.add(name);
      for (const { name } of inputs) this.#taken.add(name);
      for (const { name, outputs } of nodes) {
        this.#taken.add(name);
        for (const output of outputs) this.#taken.add(output);
      }
    }
  }

  /** `base`, cut to 1000 characters, or `base_2`, `base_3`… if that is taken; reserves it. */
  unique = (base: string): string => {
    const stem = base.slice(0, LONGEST_STEM);
    let count = this.#counts.get(stem) ?? 1;
    let name = count === 1 ? stem : `${stem}_${count}`;
    while (this.#taken.has(name)) name = `${stem}_${++count}`;
    this.#counts.set(stem, count);
    this.#taken.add(name);
    return name;
  };
}

/** One edited graph. */
export class EncodeContext {
  readonly graph: Graph;
  readonly #names: FreshNames;
  readonly #constants = new Map<string, TensorSpec>();
  readonly #activations = new Map<string, QuantizedActivation>();

  constructor(graph: Graph, names: FreshNames) {
    this.graph = graph;
    this.#names = names;
  }

  unique(base: string): string {
    return this.#names.unique(base);
  }

  /** A small constant, one for all who ask for the same key. */
  constant(key: string, make: () => Omit<TensorSpec, 'name'>): string {
    let spec = this.#constants.get(key);
    if (!spec) {
      spec = { name: this.unique(`whittle_${key}`), ...make() };
      this.#constants.set(key, spec);
    }
    return spec.name;
  }

  get constants(): readonly TensorSpec[] {
    return [...this.#constants.values()];
  }

  /** Quantizes `value` at run time; consumers of one value share one DynamicQuantizeLinear. */
  quantizedActivation(value: string): {
    readonly activation: QuantizedActivation;
    readonly nodes: readonly NodeSpec[];
  } {
    const known = this.#activations.get(value);
    if (known) return { activation: known, nodes: [] };
    const activation = {
      values: this.unique(`${value}_quantized`),
      scale: this.unique(`${value}_scale`),
      zeroPoint: this.unique(`${value}_zero_point`),
    };
    this.#activations.set(value, activation);
    const node: NodeSpec = {
      op: 'DynamicQuantizeLinear',
      domain: '',
      name: this.unique(`${value}_QuantizeLinear`),
      inputs: [value],
      outputs: [activation.values, activation.scale, activation.zeroPoint],
      attributes: {},
    };
    return { activation, nodes: [node] };
  }
}
