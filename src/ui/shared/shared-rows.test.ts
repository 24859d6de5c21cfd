import { expect, test } from 'vitest';
import { BASELINE, measuredOtherwise, RUN } from '../../report/testing/runs.ts';
import { reproduction } from './reproduction.ts';
import { type Figures, type Own, otherRows, sharedRows } from './shared-rows.ts';
import { hashGroups, measuredWhere } from './shared-words.ts';

const NOTHING: Own = { run: null, baseline: null, measuring: false };
const own = (run: Figures): Own => ({ ...NOTHING, run, baseline: BASELINE });

const rowOf = (label: RegExp, ...of: Parameters<typeof sharedRows>) =>
  sharedRows(...of).find((row) => label.test(row.label));

test('until the recipe has run here, yours is not measured', () => {
  const rows = sharedRows(BASELINE, RUN, NOTHING);
  expect(rows.map(({ label }) => label)).toEqual([
    'Size, MB',
    'WASM speed',
    'WebGPU speed',
    'Accuracy, %, 1,068 rows',
    'Difference, pt, paired',
    'Same answers, %',
    'KL to fp32, mean',
    'Truth check, WASM and WebGPU',
  ]);
  expect(new Set(rows.map(({ yours }) => yours.words))).toEqual(new Set(['not measured']));
  expect(rowOf(/^Accuracy/, BASELINE, RUN, NOTHING)).toMatchObject({
    baseline: { words: '84.0 ±2.2' },
    theirs: { words: '83.6 ±2.2', value: RUN.accuracy?.value },
  });
  expect(rowOf(/^Difference/, BASELINE, RUN, NOTHING)).toMatchObject({
    baseline: { words: '–' },
    theirs: { words: '−0.4 ±0.9' },
  });
});

test('yours stands beside theirs, failures by name', () => {
  const truth = RUN.measurements[1]?.truth;
  if (!truth) throw new Error('the fixture has a truth check');
  const yours = measuredOtherwise('webgpu', {
    failure: 'no f16',
    truth: { ...truth, verdict: 'fails' },
  });
  expect(rowOf(/^WebGPU/, BASELINE, RUN, own(yours))?.yours).toEqual({
    words: 'failed',
    tone: 'bad',
  });
  expect(rowOf(/^Truth/, BASELINE, RUN, own(yours))?.yours.words).toBe('wrong on WebGPU');
  expect(rowOf(/^Accuracy/, BASELINE, RUN, own(yours))?.original.words).toBe('84.0 ±2.2');
});

test('what is not measured yet is being measured while a job runs', () => {
  const bare = { ...RUN, measurements: [], accuracy: null, fidelity: null };
  const words = (measuring: boolean) =>
    rowOf(/^Accuracy/, BASELINE, RUN, { run: bare, baseline: BASELINE, measuring })?.yours.words;
  expect(words(true)).toBe('being measured');
  expect(words(false)).toBe('not measured');
});

test('times of a software adapter are marked where they stand', () => {
  const measurements = RUN.measurements.map((it) => ({
    ...it,
    software: it.backend === 'webgpu',
  }));
  const row = (label: RegExp) => rowOf(label, BASELINE, { ...RUN, measurements }, NOTHING);
  expect(row(/^WebGPU/)?.theirs.words).toMatch(/, software$/);
  expect(row(/^WASM/)?.theirs.words).not.toContain('software');
});

test('other rows do not compare', () => {
  expect(otherRows(RUN, RUN)).toBeNull();
  const yours = { ...RUN, dataset: RUN.dataset && { ...RUN.dataset, name: 'mine.csv', rows: 9 } };
  expect(otherRows(RUN, yours)).toMatch(/1,068 rows of test.csv, yours of 9 rows of mine.csv/);
});

test('equal hashes are the same bytes; another GPU and another size are told apart', () => {
  expect(reproduction(RUN, RUN)).toMatchObject({ same: true, title: 'Same bytes' });
  const [file] = RUN.output.files;
  if (!file) throw new Error('the fixture has a file');
  const other = { ...RUN.output, files: [{ ...file, sha256: 'ef'.repeat(32) }] };
  const elsewhere = { device: 'nvidia lovelace', software: false };
  expect(reproduction(RUN, { ...RUN, output: other, compressedOn: elsewhere })).toMatchObject({
    same: false,
    sentence: expect.stringMatching(/13,712,898 B.*apple metal-3, yours on nvidia lovelace/),
  });
  const larger = { ...other, byteLength: 14_000_000 };
  expect(reproduction(RUN, { ...RUN, output: larger }).sentence).toMatch(
    /theirs 13,712,898 B, yours 14,000,000 B/,
  );
  expect(reproduction({ ...RUN, output: { ...RUN.output, files: [] } }, RUN).same).toBe(false);
});

test('the banner says when, where and with what', () => {
  const versions = { browser: 'Chrome 156' };
  expect(measuredWhere({ ...RUN, versions })).toBe(
    '18 Nov 2026: Chrome 156, apple metal-3, WASM with 8 threads',
  );
  expect(hashGroups('abcdef')).toBe('abcd ef');
});
