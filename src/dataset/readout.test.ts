import { describe, expect, test } from 'vitest';
import { answerOutputOf, readoutOf } from './readout.ts';

describe('answers', () => {
  test.each([
    ['logits', ['batch', 2], 0, { name: 'logits', logits: true }],
    ['probabilities', ['batch', 2], 0, { name: 'probabilities', logits: false }],
    ['output', ['batch', 10], 10, { name: 'output', logits: true }],
    ['sentence_embedding', ['batch', 384], 10, null],
  ])('of output %s', (name, dims, labels, expected) => {
    const outputs = [{ name, dtype: 'float32', dims } as const];
    expect(answerOutputOf({ outputs, nodes: [] }, labels)).toEqual(expected);
  });

  test('whose operator is a Softmax are no logits, whatever their name', () => {
    const outputs = [{ name: 'scores', dtype: 'float32', dims: [1, 3] } as const];
    const softmax = {
      ...{ index: 0, name: '', op: 'Softmax', domain: '', inputs: ['x'], outputs: ['scores'] },
      ...{ attributes: new Map(), subgraphs: [], subgraphNames: [] },
    };
    expect(answerOutputOf({ outputs, nodes: [softmax] }, 0)?.logits).toBe(false);
    expect(answerOutputOf({ outputs, nodes: [] }, 0)?.logits).toBe(true);
  });
});

const output = (name: string, dims: readonly (number | string)[]) =>
  ({ name, dtype: 'float32', dims }) as const;
const mask = { name: 'attention_mask', dtype: 'int64', dims: ['b', 's'] } as const;
const read = (outputs: ReturnType<typeof output>[], labels = 0, regression = false) =>
  readoutOf({ inputs: [mask], outputs, nodes: [] }, labels, regression, null);

test('a choice leaves the other outputs to fidelity', () => {
  const outputs = [output('hidden', ['b', 8]), output('logits', ['b', 3])];
  expect(read(outputs, 3)).toEqual({
    ...{ answer: { name: 'logits', logits: true }, number: null, embedding: null },
    others: ['hidden'],
  });
  const graph = { inputs: [], outputs: [...outputs, output('aux', ['b', 3])], nodes: [] };
  expect(readoutOf(graph, 3, false, 'aux')).toMatchObject({
    answer: { name: 'aux' },
    others: ['hidden', 'logits'],
  });
  expect(readoutOf(graph, 3, false, 'gone').answer?.name).toBe('logits');
});

test('one column is a number, not a choice among one', () => {
  expect(read([output('logits', ['b', 1])])).toMatchObject({ answer: null, number: 'logits' });
  expect(read([output('logits', ['b', 's'])], 1, true)).toMatchObject({ number: 'logits' });
});

test('an embedding is pooled already or a mean over tokens', () => {
  const tokens = output('last_hidden_state', ['b', 's', 384]);
  const pooled = output('sentence_embedding', ['b', 384]);
  expect(read([tokens, pooled]).embedding).toMatchObject({
    name: 'sentence_embedding',
    perToken: false,
  });
  expect(read([tokens]).embedding).toEqual({
    name: 'last_hidden_state',
    perToken: true,
    mask: 'attention_mask',
  });
  expect(read([output('boxes', ['b', 100, 4])])).toMatchObject({ answer: null, embedding: null });
});
