/**
 * One small convolutional net of real layers (those of the digits sample that form a chain), with
 * its weights where exporters put them. All compute the same, the one with branches where the
 * image is bright; its other branch has halved weights under the same names.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
} from 'onnx-buf';
import type { Bytes } from '../proto-writer.ts';

export interface SmallNets {
  readonly plain: Bytes;
  /** Every weight is the output of a Constant node. */
  readonly constants: Bytes;
  /** Every weight passes through one, two or three Identity nodes. */
  readonly identities: Bytes;
  /** The whole net is in both branches of an If, where equal names mean different weights. */
  readonly branches: Bytes;
}

/** Names of the weights that techniques act on, in all four nets. */
export const SMALL_NET_WEIGHTS = [
  'stem',
  'down',
  'depthwise',
  'pointwise',
  'hidden',
  'classifier',
].map((layer) => `${layer}.weight`);

/** The mean of an image (0 to 1) above which it counts as bright: half of the test images do. */
const BRIGHT = 0.128;

/** @param digits `public/samples/digits/model.onnx` */
export function smallNets(digits: Uint8Array): SmallNets {
  const model = fromBinary(ModelProtoSchema, digits);
  const graph = chainOf(model);
  const write = (changed: Partial<GraphProto>): Bytes =>
    new Uint8Array(
      toBinary(ModelProtoSchema, {
        ...model,
        graph: create(GraphProtoSchema, { ...graph, ...changed }),
      }),
    );
  return {
    plain: write({}),
    constants: write({
      initializer: [],
      node: [...graph.initializer.map(constant), ...graph.node],
    }),
    identities: write(throughIdentities(graph)),
    branches: write(inBranches(graph)),
  };
}

/** Layers left out keep their shape, so the chain closes: the residual block and the wide one. */
function chainOf({ graph }: ModelProto): GraphProto {
  if (!graph) throw new Error('the digits model has a graph');
  const left = graph.node.filter(({ input, output }) =>
    [...input, ...output].every((name) => !/residual|wide|Relu_4/.test(name)),
  );
  // The ends of what was cut out, joined.
  const joined = new Map([
    ['/residual/Relu_1_output_0', '/Relu_1_output_0'],
    ['/Relu_4_output_0', '/Relu_3_output_0'],
  ]);
  const used = ({ input }: NodeProto): boolean => input.some((name) => joined.has(name));
  const bridges = graph.node.filter(used).filter(({ name }) => !/residual|wide/.test(name));
  const kept = new Set([...left, ...bridges]);
  const node = graph.node
    .filter((each) => kept.has(each))
    .map((each) => ({ ...each, input: each.input.map((name) => joined.get(name) ?? name) }));
  const names = new Set(node.flatMap(({ input }) => input));
  const initializer = graph.initializer.filter(({ name }) => names.has(name));
  return { ...graph, node, initializer, valueInfo: [] };
}

const newNode = (
  opType: string,
  input: string[],
  output: string,
  attribute: AttributeProto[] = [],
) =>
  create(NodeProtoSchema, { name: `make ${output}`, opType, input, output: [output], attribute });

const newAttribute = (
  name: string,
  value: Omit<Partial<AttributeProto>, '$typeName' | '$unknown'>,
) => create(AttributeProtoSchema, { name, ...value });

const constant = (tensor: TensorProto): NodeProto =>
  newNode('Constant', [], tensor.name, [
    newAttribute('value', { type: AttributeType.TENSOR, t: { ...tensor, name: '' } }),
  ]);

function throughIdentities({ initializer, node }: GraphProto): Partial<GraphProto> {
  const chains = initializer.flatMap(({ name }, index) => {
    const steps = Array.from({ length: 1 + (index % 3) }, (_, step) => `${name}/${step}`);
    return steps.map((step, at) => newNode('Identity', [step], steps[at + 1] ?? name));
  });
  return {
    initializer: initializer.map((tensor) => ({ ...tensor, name: `${tensor.name}/0` })),
    node: [...chains, ...node],
  };
}

function inBranches(graph: GraphProto): Partial<GraphProto> {
  const { input, output, initializer } = graph;
  const branch = (name: string, weights: TensorProto[]) =>
    newAttribute(`${name}_branch`, {
      type: AttributeType.GRAPH,
      g: { ...graph, name, initializer: weights, input: [] as ValueInfoProto[] },
    });
  const bright = create(TensorProtoSchema, {
    ...{ name: 'bright', dataType: DataType.FLOAT, floatData: [BRIGHT] },
  });
  const keepDimensions = newAttribute('keepdims', { type: AttributeType.INT, i: 0n });
  return {
    initializer: [bright],
    node: [
      newNode(
        'ReduceMean',
        input.slice(0, 1).map(({ name }) => name),
        'mean',
        [keepDimensions],
      ),
      newNode('Greater', ['mean', 'bright'], 'is bright'),
      newNode('If', ['is bright'], output[0]?.name ?? '', [
        branch('then', initializer),
        branch('else', initializer.map(halved)),
      ]),
    ],
  };
}

function halved(tensor: TensorProto): TensorProto {
  const values = new Float32Array(new Uint8Array(tensor.rawData).buffer).map((value) => value / 2);
  return { ...tensor, rawData: new Uint8Array(values.buffer) };
}
