import { expect, test } from 'vitest';
import { afterWords } from './after-words.ts';

const nothing = {
  ...{ missing: null, loading: false, inWork: false, passedOver: false, row: null, hasRun: false },
};
const row = { technique: 'rtn', failed: false };

test.each([
  [nothing, 'compress to see it'],
  [{ ...nothing, hasRun: true }, 'this run left it as it was'],
  [{ ...nothing, loading: true }, 'reading it'],
  [{ ...nothing, missing: 'It was cut.' }, 'not measured. It was cut.'],
  [{ ...nothing, inWork: true, hasRun: true }, 'this run has not compressed it so far'],
  [{ ...nothing, inWork: true, loading: true }, 'this run has not compressed it so far'],
  [{ ...nothing, inWork: true, passedOver: true }, 'this run leaves it as it was'],
  [{ ...nothing, inWork: true, loading: true, row }, 'reading it'],
  [
    { ...nothing, inWork: true, row: { technique: null, failed: false } },
    'this run left it as it was',
  ],
  [
    { ...nothing, inWork: true, row: { technique: null, failed: true } },
    'it failed in this run and stays as it was',
  ],
] as const)('%j', (situation, words) => {
  expect(afterWords(situation)).toBe(`after: ${words}`);
});
