/** A change of a model, as data: what goes, what comes, and how long each new payload will be. */
import type { DType } from '../core/dtype.ts';

export type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

export interface NodeSpec {
  readonly op: string;
  readonly domain: '' | 'com.microsoft';
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A new initializer; its raw bytes are given when the file is written, under `name`. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Present for small constants known at planning time (shapes, scalars). */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

export interface Edit {
  /** Initializers to leave out, by name. */
  readonly removedTensors: ReadonlySet<string>;
  /** Node index → the nodes in its place (none: the node goes). */
  readonly replacedNodes: ReadonlyMap<number, readonly NodeSpec[]>;
  readonly addedTensors: readonly TensorSpec[];
  /** Domains to import if the model does not import them yet. */
  readonly addedOpsets: ReadonlyMap<string, number>;
}

export const EMPTY_EDIT: Edit = {
  removedTensors: new Set(),
  replacedNodes: new Map(),
  addedTensors: [],
  addedOpsets: new Map(),
};
