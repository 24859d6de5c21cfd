import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodingTable } from './encoding-table.ts';

test('ARCHITECTURE.md shows the table that the code uses', () => {
  const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const shown = text.match(/<!-- encodings:begin -->([\s\S]*)<!-- encodings:end -->/)?.[1];
  expect(shown?.trim()).toBe(encodingTable());
});
