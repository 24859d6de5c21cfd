/**
 * What an encoder is: from a weight and its encoding to the nodes and tensors that take its place,
 * with payloads deferred. Encoders never see values, so a plan costs nothing but names and shapes.
 *
 * An encoding either replaces the operators that use the weight, or gives the weight's own value
 * again, so that every use of it works as before.
 */

import type { EncodingChoice, FloatType, QuantizedChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import type { TensorRole } from '../catalog/tensor-layout.ts';
import type { NodeSpec, TensorSpec } from '../model/edit.ts';
import type { EncodeContext } from './encode-context.ts';
import type { Site } from './site.ts';

/** A matrix to encode. */
export interface EncodeJob<Choice extends EncodingChoice = EncodingChoice> {
  /** The stem of every new name. */
  readonly name: string;
  readonly choice: Choice;
  readonly shape: MatrixShape;
  /** Stored tensors by role, under the names they have in the output. */
  readonly tensors: Readonly<Partial<Record<TensorRole, TensorSpec>>>;
  /** The value that uses read. */
  readonly value: { readonly name: string; readonly dtype: FloatType };
}

/** Stored bytes by role. */
export type Payloads = Readonly<Partial<Record<TensorRole, Uint8Array<ArrayBuffer>>>>;

export type Encoded =
  | {
      readonly kind: 'operator';
      /** Nodes that depend on the weight alone; they fold at load. */
      readonly prelude: readonly NodeSpec[];
      /** The nodes in place of one use, in the graph of `context`. */
      readonly replace: (site: Site, context: EncodeContext) => readonly NodeSpec[];
    }
  | {
      readonly kind: 'value';
      /** Nodes that end in the job's value; none if that is stored itself. */
      readonly prelude: readonly NodeSpec[];
    };

export type QuantizedJob = EncodeJob<QuantizedChoice>;

export type Encoder<Choice extends EncodingChoice = EncodingChoice> = (
  job: EncodeJob<Choice>,
  context: EncodeContext,
) => Encoded;

export type QuantizedEncoder = Encoder<QuantizedChoice>;
