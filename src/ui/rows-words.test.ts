import { expect, test } from 'vitest';
import { rowsWords } from './rows-words.ts';

test('rows that are not scored are accounted for', () => {
  expect(rowsWords({ evaluationRows: 793, calibrationRows: 207 })).toBe(
    '1,000 rows: 793 scored, 207 kept for calibration',
  );
  expect(rowsWords({ evaluationRows: 872, calibrationRows: 0 })).toBe('872 rows');
  expect(rowsWords({ evaluationRows: 0, calibrationRows: 128 })).toBe(
    '128 rows, all kept for calibration',
  );
});
