/** Small graphs of operators as they were in old opsets, each of which is to be raised. */
import type { NodeSpec } from '../../../../model/edit.ts';
import { writeNode } from '../../encode.ts';
import { type Bytes, encode } from '../../proto-writer.ts';
import { buildGraph, buildMessage, buildNode } from '../../testing/build-model.ts';
import { buildOld, ints, op, out, valueField, X } from './old-graph.ts';
import { SAMPLING } from './old-sampling.ts';
import { SHAPING } from './old-shaping.ts';
import { UNCHANGED } from './old-unchanged.ts';

/** An If whose branches reduce and pad, each with constants of its own. */
function branches(): Bytes {
  const branch = (name: string, node: NodeSpec): Bytes => {
    const output = valueField(12, out(4, node.outputs[0] ?? ''));
    const graph = buildGraph({
      nodes: [node],
      initializers: [],
      inputs: [],
      outputs: [],
      extra: [output],
    });
    return buildMessage([1, name], [6, graph], [20, 5]);
  };
  const inner = [
    branch('then_branch', op('ReduceMean', { axes: ints(-1) }, ['x'], ['t'])),
    branch('else_branch', op('ReduceMax', { axes: ints(-1) }, ['x'], ['e'])),
  ];
  const choice = encode((writer) =>
    writer.message(1, () => {
      writeNode(writer, buildNode('If', ['c'], ['y'], { name: 'If_0' }));
      for (const attribute of inner) writer.bytesField(5, attribute);
    }),
  );
  return buildOld({ opset: 11, nodes: [], inputs: [X, ['c', 'bool', []]], extra: [choice] });
}

export const OLD_OPERATORS: readonly { readonly name: string; readonly bytes: Bytes }[] = [
  ...Object.entries({ ...SHAPING, ...SAMPLING, ...UNCHANGED }).map(([name, graph]) => ({
    name,
    bytes: buildOld(graph),
  })),
  { name: 'If 11 with reductions', bytes: branches() },
];
