import { expect, test } from 'vitest';
import { type Edit, EMPTY_EDIT, EMPTY_GRAPH_EDIT, type GraphEdit } from './edit.ts';
import { mergeEdits } from './merge-edits.ts';

const editOf = (graph: string, changes: Partial<GraphEdit>, opset: number): Edit => ({
  graphs: new Map([[graph, { ...EMPTY_GRAPH_EDIT, ...changes }]]),
  opsets: new Map([['', opset]]),
});
const tensor = (name: string) => ({ name, dtype: 'float32' as const, dims: [1] });

test('changes of one graph come together, opsets by the higher', () => {
  const a = editOf('', { addedTensors: [tensor('a')], replacedNodes: new Map([[1, []]]) }, 17);
  const b = editOf('', { addedTensors: [tensor('b')], removedTensors: new Set(['w']) }, 21);
  const c = editOf('/0.0', { replacedNodes: new Map([[1, []]]) }, 13);
  const merged = [a, b, c].reduce(mergeEdits, EMPTY_EDIT);
  expect([...merged.graphs.keys()]).toEqual(['', '/0.0']);
  expect(merged.graphs.get('')).toEqual({
    removedTensors: new Set(['w']),
    replacedNodes: new Map([[1, []]]),
    addedTensors: [tensor('a'), tensor('b')],
    prelude: [],
  });
  expect(merged.opsets.get('')).toBe(21);
});

test('a node that both replace is a mistake', () => {
  const a = editOf('', { replacedNodes: new Map([[1, []]]) }, 17);
  expect(() => mergeEdits(a, a)).toThrow('node 1 of graph  is replaced once');
});
