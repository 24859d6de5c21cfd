/**
 * Where a weight is used, reduced to what encodings know: a product `x · W`, a lookup of rows, or a
 * convolution. Everything else that the operator does is nodes before and after.
 */
import type { AttributeValue } from '../model/edit.ts';

export type Site = ProductSite | LookupSite | ConvSite;

interface Placed {
  /** Of the node that was there; may be empty. */
  readonly name: string;
  /** Value names. */
  readonly input: string;
  readonly output: string;
  /** The value of the model whose elements `input` holds, where that is a new one. */
  readonly seen?: string;
}

/** `output = input · W + bias`. */
export interface ProductSite extends Placed {
  readonly kind: 'product';
  /** A constant of shape [N]; '' for none. */
  readonly bias: string;
}

/** `output = W[input]`, rows by index. */
export interface LookupSite extends Placed {
  readonly kind: 'lookup';
}

export interface ConvSite extends Placed {
  readonly kind: 'conv';
  /** Of shape [channels]; '' for none. */
  readonly bias: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}
