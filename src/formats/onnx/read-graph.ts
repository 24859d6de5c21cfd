/** GraphProto → Graph as the file has it: names and order are checked by `order-graph.ts`. */
import type { Graph, Node, Tensor, ValueInfo } from '../../model/model.ts';
import { delimited, type Fields, textOf } from './fields.ts';
import { malformed } from './malformed.ts';
import { readNode } from './read-node.ts';
import type { Reading } from './reading.ts';
import { readSparseHeader, readTensorHeader } from './tensor-header.ts';
import { readValueInfo } from './value-info.ts';

export function readGraph(fields: Fields, path: string, reading: Reading): Graph {
  const tensors = new Map<string, Tensor>();
  const add = (tensor: Tensor, tensorPath: string) => {
    if (tensor.name === '') {
      throw malformed(reading.file, `has an initializer without a name (${tensorPath})`, {
        path: tensorPath,
      });
    }
    if (tensors.has(tensor.name)) {
      const message = `${path} has two initializers called ${tensor.name}; the last one is used.`;
      reading.note('duplicate initializer', message, tensorPath);
    }
    tensors.set(tensor.name, tensor);
  };
  delimited(fields, 5).forEach(({ fields: inner }, index) => {
    const tensorPath = `${path}.initializer[${index}]`;
    add(readTensorHeader(inner!, 'initializer', tensorPath, reading), tensorPath);
  });
  delimited(fields, 15).forEach(({ fields: inner }, index) => {
    const tensorPath = `${path}.sparse_initializer[${index}]`;
    add(readSparseHeader(inner!, 'sparse-initializer', tensorPath, reading), tensorPath);
  });
  const initializers = new Set(tensors.keys());
  const nodes = readNodes(
    delimited(fields, 1).map(({ fields: inner }) => inner!),
    path,
    reading,
    tensors,
  );
  const inputs = readValueInfos(fields, 11);
  return {
    name: textOf(fields, 2) ?? '',
    nodes,
    tensors,
    inputs: inputs.filter(({ name }) => !initializers.has(name)),
    outputs: readValueInfos(fields, 12),
    overridable: new Set(inputs.map(({ name }) => name).filter((name) => initializers.has(name))),
  };
}

/** Nodes in the order of the file; the constants among them are added to `tensors`. */
export function readNodes(
  messages: readonly Fields[],
  path: string,
  reading: Reading,
  tensors: Map<string, Tensor>,
): Node[] {
  return messages.map((fields, index) => {
    const nodePath = `${path}.node[${index}]`;
    const { node, constant } = readNode(fields, index, nodePath, reading, readGraph);
    if (constant) {
      if (tensors.has(constant.name)) throw duplicateValue(constant.name, nodePath, reading);
      tensors.set(constant.name, constant);
    }
    return node;
  });
}

export const duplicateValue = (name: string, path: string, reading: Reading) =>
  malformed(reading.file, `defines the value ${name} twice, the second time in ${path}`, { path });

const readValueInfos = (fields: Fields, number: number): ValueInfo[] =>
  delimited(fields, number).map(({ fields: inner }) => readValueInfo(inner!));
