import { expect, test } from 'vitest';
import { type Edit, EMPTY_EDIT, type NodeSpec, type TensorSpec } from './edit.ts';
import { mergeEdits } from './merge-edits.ts';

const edit = (changes: Partial<Edit>): Edit => ({ ...EMPTY_EDIT, ...changes });
const relu: NodeSpec = {
  op: 'Relu',
  domain: '',
  name: '',
  inputs: ['x'],
  outputs: ['y'],
  attributes: {},
};
const shape = (last: number): TensorSpec => ({
  ...{ name: 'shape', dtype: 'uint8', dims: [2], bytes: Uint8Array.of(1, last) },
});

test('without edits nothing changes', () => {
  expect(mergeEdits([])).toEqual(EMPTY_EDIT);
  expect(mergeEdits([EMPTY_EDIT, EMPTY_EDIT])).toEqual(EMPTY_EDIT);
});

test('everything is united', () => {
  const payload: TensorSpec = { name: 'q', dtype: 'uint8', dims: [4] };
  const merged = mergeEdits([
    edit({ removedTensors: new Set(['a']), replacedNodes: new Map([[3, [relu]]]) }),
    edit({ removedTensors: new Set(['a', 'b']), replacedNodes: new Map([[1, []]]) }),
    edit({ addedTensors: [payload, shape(2)], addedOpsets: new Map([['com.microsoft', 1]]) }),
    edit({
      addedTensors: [shape(2)],
      addedOpsets: new Map([
        ['com.microsoft', 1],
        ['', 21],
      ]),
    }),
  ]);
  expect(merged).toEqual({
    removedTensors: new Set(['a', 'b']),
    replacedNodes: new Map([
      [3, [relu]],
      [1, []],
    ]),
    addedTensors: [payload, shape(2)],
    addedOpsets: new Map([
      ['com.microsoft', 1],
      ['', 21],
    ]),
  });
});

test('two replacements of one node are a bug', () => {
  const replaces = edit({ replacedNodes: new Map([[3, [relu]]]) });
  expect(() => mergeEdits([replaces, replaces])).toThrow('only one edit replaces node 3');
});

test.each<[string, TensorSpec]>([
  ['other bytes', shape(3)],
  ['another type', { ...shape(2), dtype: 'int8' }],
  ['another shape', { ...shape(2), dims: [2, 1] }],
  ['a payload to come', { name: 'shape', dtype: 'uint8', dims: [2] }],
])('one name with %s is a bug', (_, other) => {
  const edits = [edit({ addedTensors: [shape(2)] }), edit({ addedTensors: [other] })];
  expect(() => mergeEdits(edits)).toThrow('shape is added once');
});
