/** Small graphs for tests of shapes. */
import { elementCount } from '../../core/shape.ts';
import type { Attribute, Graph, Node, Tensor } from '../../model/model.ts';

export type Dims = readonly (number | string)[];

/** A node by its operator, inputs, outputs and integer attributes. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): Omit<Node, 'index'> {
  const own = Object.entries(attributes).map(([name, value]): [string, Attribute] => [
    name,
    typeof value === 'number' ? { kind: 'int', value } : { kind: 'ints', values: value },
  ]);
  return {
    ...{ name: '', op, domain: '', inputs, outputs, attributes: new Map(own) },
    ...{ subgraphs: [], subgraphNames: [] },
  };
}

/** - `weights` — dims of float constants; `lists` — values of int64 constants */
export function graphOf(
  inputs: Readonly<Record<string, Dims>>,
  nodes: readonly Omit<Node, 'index'>[],
  weights: Readonly<Record<string, readonly number[]>>,
  lists: Readonly<Record<string, readonly number[]>> = {},
): Graph {
  const outputs = nodes.at(-1)?.outputs ?? [];
  const floats = Object.entries(weights).map(([name, dims]) => tensorOf(name, dims, null));
  const ints = Object.entries(lists).map(([name, values]) =>
    tensorOf(name, [values.length], values),
  );
  return {
    name: 'g',
    nodes: nodes.map((it, index) => ({ ...it, index })),
    tensors: new Map([...floats, ...ints].map((tensor) => [tensor.name, tensor])),
    inputs: Object.entries(inputs).map(([name, dims]) => ({ name, dtype: 'float32', dims })),
    outputs: outputs.map((name) => ({ name, dtype: null, dims: null })),
    overridable: new Set(),
  };
}

function tensorOf(name: string, dims: readonly number[], ints: readonly number[] | null): Tensor {
  const byteLength = elementCount(dims) * (ints ? 8 : 4);
  return {
    ...{ name, dtype: ints ? 'int64' : 'float32', dims, byteLength, storedByteLength: byteLength },
    ...{ payload: { kind: 'inline', bytes: new Uint8Array(0) }, place: 'initializer' },
    ...(ints && { ints }),
  };
}
