/** An opened ONNX file: the model, and where its messages are, which is all that a writer needs. */
import type { GraphId } from '../../model/graphs.ts';
import type { ByteRange, Model } from '../../model/model.ts';

/** A field of a message of the graph's file: from its tag to its end. */
export interface Span {
  /** Index in `OnnxWire.frames` of the message that holds the field. */
  readonly frame: number;
  readonly start: number;
  readonly end: number;
}

/** A message whose length changes when something inside it does. */
export interface Frame {
  readonly fieldNumber: number;
  /** Index of the message around it; -1 is the model itself, which has no length. */
  readonly parent: number;
  /** Offset of the tag. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** A tensor in a side file, wherever it is in the model. */
export interface ExternalTensor {
  /** Fields to leave out when the payload moves into the model. */
  readonly dropped: readonly Span[];
  /** Where `raw_data` goes: the end of this frame. */
  readonly frame: number;
  readonly payload: ByteRange;
}

/** An initializer's `raw_data`, which may as well be in a side file. */
export interface EmbeddedTensor {
  /** Fields to leave out when the payload moves out of the model. */
  readonly dropped: readonly Span[];
  /** Where the reference to the side file goes: the end of this frame. */
  readonly frame: number;
  readonly payload: ByteRange;
}

/** A graph, body or local function in its file. */
export interface GraphWire {
  /** Functions have no initializers, and other field numbers. */
  readonly kind: 'graph' | 'function';
  /** More than one if the field occurs repeatedly (protobuf merges them). */
  readonly frames: readonly number[];
  /** By node index, so in order of execution. */
  readonly nodes: readonly Span[];
  /** The nodes are in order of execution in the file too. */
  readonly isSorted: boolean;
  /** Initializers, sparse ones included; more than one span if the file repeats a name. */
  readonly initializers: SpansByName;
  readonly inputs: SpansByName;
  readonly outputs: SpansByName;
  readonly valueInfos: SpansByName;
  /** Quantization annotations by every tensor that they name. */
  readonly annotations: SpansByName;
}

export type SpansByName = ReadonlyMap<string, readonly Span[]>;

export interface OnnxWire {
  readonly frames: readonly Frame[];
  readonly graphs: ReadonlyMap<GraphId, GraphWire>;
  readonly irVersion: readonly Span[];
  /** Operator sets that the model imports, by domain. */
  readonly opsets: SpansByName;
  /** Operator sets that each local function imports. */
  readonly functionOpsets: readonly SpansByName[];
  readonly external: readonly ExternalTensor[];
  /** Initializers of the main graph, those too short to be worth moving left out. */
  readonly embedded: readonly EmbeddedTensor[];
}

export interface OnnxModel extends Model {
  readonly wire: OnnxWire;
}
