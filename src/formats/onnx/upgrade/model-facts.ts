import type { DType } from '../../../core/dtype.ts';
import { graphsOf } from '../../../model/graphs.ts';
import type { Graph, Model } from '../../../model/model.ts';
import type { ModelFacts } from './upgrade-context.ts';

const OTHER_FLOATS: ReadonlySet<DType | null> = new Set(['float16', 'bfloat16', 'float64']);
/** The same in ONNX's numbering of types. */
const OTHER_FLOAT_CODES: ReadonlySet<number> = new Set([10, 11, 16]);

/** What conversions need to know that no single node tells. */
export function factsOf(model: Pick<Model, 'graph' | 'functions'>): ModelFacts {
  const used = new Set<string>();
  let isFloat32Only = true;
  for (const graph of graphsOf(model).values()) {
    for (const { name } of graph.outputs) used.add(name);
    for (const { inputs } of graph.nodes) for (const name of inputs) used.add(name);
    isFloat32Only &&= !hasOtherFloats(graph);
  }
  return { used, isFloat32Only };
}

function hasOtherFloats({ tensors, inputs, outputs, nodes }: Graph): boolean {
  const stated = [...tensors.values(), ...inputs, ...outputs];
  if (stated.some(({ dtype }) => OTHER_FLOATS.has(dtype))) return true;
  return nodes.some(({ attributes }) =>
    ['to', 'dtype'].some((name) => {
      const attribute = attributes.get(name);
      return attribute?.kind === 'int' && OTHER_FLOAT_CODES.has(attribute.value);
    }),
  );
}
