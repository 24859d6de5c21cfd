/** A change of a model, as data: what goes, what comes, and how long each new payload will be. */
import type { DType } from '../core/dtype.ts';
import type { GraphId } from './graphs.ts';
import type { ValueInfo } from './model.ts';

export type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly strings: readonly string[] };

export interface NodeSpec {
  readonly op: string;
  readonly domain: '' | 'com.microsoft';
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A new initializer; its raw bytes are given when the file is written. */
export interface TensorSpec {
  readonly name: string;
  /** What payloads are given by; the name if absent. Graphs may use one name each for their own. */
  readonly key?: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Present for small constants known at planning time (shapes, scalars). */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

/** Changes inside one graph: the main one, a body of a node, or a local function. */
export interface GraphEdit {
  /** Initializers to leave out, by name. */
  readonly removedTensors: ReadonlySet<string>;
  /** Node index → the nodes in its place (none: the node goes). */
  readonly replacedNodes: ReadonlyMap<number, readonly NodeSpec[]>;
  readonly addedTensors: readonly TensorSpec[];
  /** Nodes that read constants alone, put before all others. */
  readonly prelude: readonly NodeSpec[];
  /** Values whose stated shapes are not true any more: the statements go. */
  readonly reshapedValues?: ReadonlySet<string>;
  /** What the graph gives with another shape than it stated, by name: the new statements. */
  readonly reshapedOutputs?: ReadonlyMap<string, ValueInfo>;
}

export interface Edit {
  /** Graphs that change, by id (`model/graphs.ts`). */
  readonly graphs: ReadonlyMap<GraphId, GraphEdit>;
  /** Versions to import by domain: new ones, or higher ones for a model that was converted. */
  readonly opsets: ReadonlyMap<string, number>;
}

export const EMPTY_GRAPH_EDIT: GraphEdit = {
  removedTensors: new Set(),
  replacedNodes: new Map(),
  addedTensors: [],
  prelude: [],
};

export const EMPTY_EDIT: Edit = { graphs: new Map(), opsets: new Map() };

/** What the payload of a new tensor is given by. */
export const payloadKey = ({ key, name }: TensorSpec): string => key ?? name;
