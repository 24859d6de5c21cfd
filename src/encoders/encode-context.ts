/** Names, small constants and shared activations of edited graphs. */
import type { StaticActivation } from '../catalog/encodings.ts';
import type { NodeSpec, TensorSpec } from '../model/edit.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Graph, Model } from '../model/model.ts';

/** An activation after DynamicQuantizeLinear, by value names. */
export interface QuantizedActivation {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** What must be known of a value before a file with its grid can be written. */
export interface WantedRange {
  /** The value that is rounded. */
  readonly name: string;
  /** The value of the model whose elements it holds; the same, unless it is scaled or turned. */
  readonly value: string;
  readonly activation: StaticActivation;
  /** Tensors of its grid: float32 and 8 bits, []. */
  readonly scale: TensorSpec;
  readonly zeroPoint: TensorSpec;
}

/** A bias as int32 in steps of input scale times weight scale. */
export interface WantedBias {
  /** The constant with the values, [N]. */
  readonly bias: string;
  readonly input: WantedRange;
  /** Of the weight's scales, [N]. */
  readonly weightScales: TensorSpec;
  readonly codes: TensorSpec;
  readonly scales: TensorSpec;
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
  readonly #deferred: TensorSpec[] = [];
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

  readonly ranges = new Map<string, WantedRange>();
  readonly biases: WantedBias[] = [];
  /** Values that come from DequantizeLinear already. */
  readonly onGrid = new Map<string, WantedRange>();
  /** Values → themselves on their grids. */
  readonly grids = new Map<string, string>();

  /** The grid of `name`, whose elements are those of the model's value `seen`. */
  rangeOf(name: string, seen: string, activation: StaticActivation): WantedRange {
    const known = this.ranges.get(name);
    if (known) return known;
    const make = (part: string, dtype: TensorSpec['dtype']): TensorSpec => ({
      ...{ name: this.unique(`${name}_${part}`), key: `range\n${name}\n${part}`, dtype, dims: [] },
    });
    const range: WantedRange = {
      ...{ name, value: seen, activation, scale: make('scale', 'float32') },
      zeroPoint: make('zero_point', activation.signed ? 'int8' : 'uint8'),
    };
    this.ranges.set(name, range);
    this.#deferred.push(range.scale, range.zeroPoint);
    return range;
  }

  /** A bias to be stored as int32. */
  wantBias(wanted: WantedBias): void {
    this.biases.push(wanted);
    this.#deferred.push(wanted.codes, wanted.scales);
  }

  get constants(): readonly TensorSpec[] {
    return [...this.#constants.values(), ...this.#deferred];
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
