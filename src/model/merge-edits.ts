import { assert } from '../core/assert.ts';
import type { Edit, NodeSpec, TensorSpec } from './edit.ts';

/**
 * One edit that does what all of them do. No two may replace one node; a tensor that several add
 * must be the same constant everywhere and is added once.
 */
export function mergeEdits(edits: readonly Edit[]): Edit {
  const removedTensors = new Set<string>();
  const replacedNodes = new Map<number, readonly NodeSpec[]>();
  const addedTensors = new Map<string, TensorSpec>();
  const addedOpsets = new Map<string, number>();
  for (const edit of edits) {
    for (const name of edit.removedTensors) removedTensors.add(name);
    for (const [index, nodes] of edit.replacedNodes) {
      assert(!replacedNodes.has(index), `only one edit replaces node ${index}`);
      replacedNodes.set(index, nodes);
    }
    for (const tensor of edit.addedTensors) {
      const known = addedTensors.get(tensor.name);
      assert(!known || isSameConstant(known, tensor), `${tensor.name} is added once`);
      addedTensors.set(tensor.name, tensor);
    }
    for (const [domain, version] of edit.addedOpsets) {
      addedOpsets.set(domain, Math.max(version, addedOpsets.get(domain) ?? 0));
    }
  }
  return { removedTensors, replacedNodes, addedTensors: [...addedTensors.values()], addedOpsets };
}

function isSameConstant(a: TensorSpec, b: TensorSpec): boolean {
  const { bytes } = b;
  return (
    a.dtype === b.dtype &&
    a.dims.length === b.dims.length &&
    a.dims.every((dim, axis) => dim === b.dims[axis]) &&
    a.bytes !== undefined &&
    bytes !== undefined &&
    a.bytes.length === bytes.length &&
    a.bytes.every((byte, index) => byte === bytes[index])
  );
}
