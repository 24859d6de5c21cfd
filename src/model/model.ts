/**
 * What an opened network is, whatever file it came from. Plain data that survives structured
 * cloning; payloads stay in their files and are read by ranges. Never changed after opening.
 */
import type { DType } from '../core/dtype.ts';

/** A file of the model: a dropped `File` or any other `Blob`, under its path within the folder. */
export interface SourceFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Bytes `[start, end)` of `Model.files[file]`. */
export interface ByteRange {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** Where a tensor's elements are; `formats/` turns any of these into little-endian raw bytes. */
export type Payload =
  /** Raw little-endian, row-major bytes. */
  | { readonly kind: 'raw'; readonly range: ByteRange }
  /** Protobuf typed fields (packed or not); `field` is the field number, ranges hold the values. */
  | { readonly kind: 'typed'; readonly field: number; readonly ranges: readonly TypedRange[] }
  /** Small values already decoded to raw bytes (`value_float`, `value_ints` of a Constant). */
  | { readonly kind: 'inline'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** COO: values and int64 indices, expanded on reading. */
  | { readonly kind: 'sparse'; readonly values: Tensor; readonly indices: Tensor };

export interface TypedRange extends ByteRange {
  /** Protobuf wire type of one run of values: 0 varint, 1 fixed64, 2 packed, 5 fixed32. */
  readonly wireType: number;
}

export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Bytes of the decoded payload (raw, dense). */
  readonly byteLength: number;
  /** Bytes that the payload takes in the files as they are. */
  readonly storedByteLength: number;
  readonly payload: Payload;
  /** The values of at most 16 int32 or int64 in the graph's file: shapes and axes are such. */
  readonly ints?: readonly number[];
  readonly place: 'initializer' | 'constant-node' | 'sparse-initializer';
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly values: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'floats'; readonly values: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  /** Of any operator but Constant, whose tensor is one of the graph's. */
  | { readonly kind: 'tensor'; readonly tensor: Tensor }
  /** Graphs, types, references: kept in the file, not decoded here. */
  | { readonly kind: 'other' };

export interface Node {
  /** Position in `Graph.nodes`; edits refer to nodes by it. */
  readonly index: number;
  readonly name: string;
  readonly op: string;
  /** '' is the default ONNX domain. */
  readonly domain: string;
  /** Value names; '' is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Bodies of If, Loop, Scan. */
  readonly subgraphs: readonly Graph[];
  /** What the operator calls each of `subgraphs`: `then_branch`, `body`. */
  readonly subgraphNames: readonly string[];
}

export interface ValueInfo {
  readonly name: string;
  /** null: not a tensor, or not stated. */
  readonly dtype: DType | null;
  /** null: rank unknown. A string is a symbolic dimension, null an unknown one. */
  readonly dims: readonly (number | string | null)[] | null;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Constants by the name of their value: initializers and outputs of Constant nodes. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Without initializers that are listed as inputs for old IR versions. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Initializers that callers may override because they are graph inputs too. */
  readonly overridable: ReadonlySet<string>;
}

/** A function of the file's own, called by nodes of its domain and name. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  /** Opset versions by domain that its nodes mean, whatever the model imports. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Its inputs and outputs have names only; its constants are all Constant nodes. */
  readonly body: Graph;
}

/** A thing worth telling that did not stop the file from opening. */
export interface ModelNote {
  readonly message: string;
  readonly path?: string;
}

export interface Model {
  /** File name without folder, such as `model.onnx`. */
  readonly name: string;
  readonly format: 'onnx';
  /** The graph's file first, then external data in order of first use. */
  readonly files: readonly SourceFile[];
  /** Bytes of all `files`. */
  readonly byteLength: number;
  readonly irVersion: number;
  /** Opset version by domain; '' is the default domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
  readonly functions: readonly LocalFunction[];
  /** Elements of all float constants, those of bodies and functions included. */
  readonly parameterCount: number;
  readonly notes: readonly ModelNote[];
}
