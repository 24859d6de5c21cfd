/** The smallest model that sums up products of input channels in a runtime. */
import { encode, type ProtoWriter } from './proto-writer.ts';

export const GRAM = { vectors: 'x', before: 'h', after: 'y' } as const;

/** Field numbers and values of onnx.proto. */
const MODEL = { irVersion: 1, graph: 7, opset: 8 };
const GRAPH = { node: 1, name: 2, input: 11, output: 12 };
const NODE = { input: 1, output: 2, op: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, int: 3, type: 20, isInt: 2 };
const FLOAT = 1;

/** `y = h + xᵀ x` for float32 x [T, K] and h [K, K]; T and K may be others in each run. */
export function gramModel(): Uint8Array<ArrayBuffer> {
  return encode((model) => {
    model.varintField(MODEL.irVersion, 8);
    model.message(MODEL.graph, (graph) => {
      graph.message(GRAPH.node, (node) => {
        for (const name of [GRAM.vectors, GRAM.vectors, GRAM.before]) {
          node.textField(NODE.input, name);
        }
        node.textField(NODE.output, GRAM.after);
        node.textField(NODE.op, 'Gemm');
        node.message(NODE.attribute, (attribute) => {
          attribute.textField(ATTRIBUTE.name, 'transA');
          attribute.varintField(ATTRIBUTE.int, 1);
          attribute.varintField(ATTRIBUTE.type, ATTRIBUTE.isInt);
        });
      });
      graph.textField(GRAPH.name, 'gram');
      writeMatrix(graph, GRAPH.input, GRAM.vectors, ['T', 'K']);
      writeMatrix(graph, GRAPH.input, GRAM.before, ['K', 'K']);
      writeMatrix(graph, GRAPH.output, GRAM.after, ['K', 'K']);
    });
    model.message(MODEL.opset, (opset) => opset.varintField(2, 13));
  });
}

/** A ValueInfoProto of a float32 matrix with named dimensions. */
function writeMatrix(
  writer: ProtoWriter,
  field: number,
  name: string,
  dims: readonly string[],
): void {
  writer.message(field, (info) => {
    info.textField(1, name);
    info.message(2, (type) =>
      type.message(1, (tensor) => {
        tensor.varintField(1, FLOAT);
        tensor.message(2, (shape) => {
          for (const dim of dims) shape.message(1, (own) => own.textField(2, dim));
        });
      }),
    );
  });
}
