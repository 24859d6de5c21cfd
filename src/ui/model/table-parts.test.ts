import { expect, test } from 'vitest';
import { model } from '../../state/testing/minilm.ts';
import { columnsFor } from './columns.ts';
import { factSections, matchingFacts } from './fact-sections.ts';
import { barsPath, levelsPath, outlinePath } from './histogram-paths.ts';
import { movedRow } from './moved-row.ts';

test('a narrow table has the columns of its view, a wider one more', () => {
  const keys = (...args: Parameters<typeof columnsFor>) =>
    columnsFor(...args).columns.map(({ key }) => key);
  expect(keys('planned', 368, 7)).toEqual(['name', 'bytes', 'share', 'encoding']);
  expect(keys('now', 368, 7)).toEqual(['name', 'bytes', 'encoding', 'sqnr']);
  expect(keys('original', 520, 7)).toContain('shape');
  expect(keys('now', 900, 7)).toEqual([
    ...['name', 'op', 'shape', 'elements', 'bytes', 'share', 'after', 'encoding', 'sqnr'],
  ]);
  const { room } = columnsFor('planned', 368, 7);
  expect(columnsFor('planned', 368, 14).room).toBeLessThan(room);
  expect(new Set(keys('planned', 2000, 7)).size).toBe(keys('planned', 2000, 7).length);
});

test('keys move within the rows', () => {
  expect(movedRow('ArrowDown', -1, 9)).toBe(0);
  expect(movedRow('ArrowDown', 8, 9)).toBe(8);
  expect(movedRow('PageUp', 3, 9)).toBe(0);
  expect(movedRow('End', 0, 9)).toBe(8);
  expect(movedRow('x', 0, 9)).toBeNull();
  expect(movedRow('End', -1, 0)).toBeNull();
});

test('the graph is searched over names, values and sections', () => {
  const sections = factSections({
    ...model,
    metadata: [{ key: 'author', value: 'someone' }],
    opsets: [...model.opsets, { domain: 'com.microsoft', version: 1 }],
  });
  expect(sections.map(({ title }) => title)).toEqual(['Inputs', 'Outputs', 'Operators', 'File']);
  expect(matchingFacts(sections, '')).toBe(sections);
  const found = (search: string) =>
    matchingFacts(sections, search).flatMap(({ facts }) => facts.map(({ name }) => name));
  expect(found('matmul')).toEqual(['MatMul']);
  expect(found('opset MICROSOFT')).toEqual(['Opset of com.microsoft']);
  expect(found('someone')).toEqual(['author']);
  expect(found('outputs float32')).toEqual(['logits']);
  expect(found('nothing of it')).toEqual([]);
});

const BOX = { width: 100, height: 56 };

test('bars are in proportion, and whatever holds a value is seen', () => {
  expect(barsPath([0, 1, 1000], 1000, BOX)).toBe(
    'M0.50 56v0.00h32.33v0.00zM33.83 56v-1.00h32.33v1.00zM67.17 56v-50.00h32.33v50.00z',
  );
  expect(outlinePath([0, 1000], 1000, BOX)).toBe('M0 56V56.00H50.00V6.00H100.00V56');
});

test('levels stand at their values; too many are not drawn', () => {
  expect(levelsPath([-1, 0, 0.5, 2], 1, BOX)).toBe('M0.00 55v6M50.00 55v6M75.00 55v6');
  expect(levelsPath(Array(65).fill(0), 1, BOX)).toBe('');
  expect(levelsPath([0], 0, BOX)).toBe('');
});
