import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readMatrix, readPlaywright, readVitest, settle } from './test-report.mjs';

function reportOf(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}
const vitestCase = (status: string) => ({
  status,
  fullName: `a ${status} case`,
  failureMessages: status === 'failed' ? ['AssertionError: 1 is not 2\n    at x.ts:1:1'] : [],
});

describe('vitest', () => {
  test('counts cases and quotes the failed one', () => {
    const path = reportOf({
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: ['passed', 'passed', 'failed', 'pending', 'todo'].map(vitestCase),
        },
      ],
    });
    expect(readVitest(path)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['a.test.ts › a failed case\nAssertionError: 1 is not 2\n    at x.ts:1:1'],
    });
  });

  test('a file that does not load has failed', () => {
    const path = reportOf({
      testResults: [{ name: 'b.test.ts', status: 'failed', message: 'boom', assertionResults: [] }],
    });
    expect(readVitest(path)).toMatchObject({ passed: 0, failed: 1, failures: ['b.test.ts\nboom'] });
  });
});

describe('the matrix', () => {
  test('each cell is a test', () => {
    const cell = (verdict: string) => ({ name: `a · ${verdict}`, verdict, words: 'as it went' });
    const path = reportOf([cell('ok'), cell('ok'), cell('skipped'), cell('wrong'), cell('odd')]);
    expect(readMatrix(path)).toEqual({
      ...{ passed: 2, failed: 2, skipped: 1 },
      failures: ['a · wrong\nas it went', 'a · odd\nas it went'],
    });
  });

  test('one that ended before it wrote a report has failed', () => {
    const nothing = readMatrix('nowhere.json');
    expect(settle(1, nothing)).toMatchObject({ failed: 1 });
    expect(settle(0, nothing)).toMatchObject({ failed: 1, failures: ['no test ran'] });
  });
});

test('playwright: counts nested tests; a flaky one has failed', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
  });
  const path = reportOf({
    errors: [{ message: 'no server' }],
    suites: [
      {
        title: 'a.e2e.ts',
        specs: [spec('one', 'expected'), spec('two', 'skipped')],
        suites: [
          {
            title: 'inner',
            specs: [spec('three', 'unexpected', 'not there'), spec('four', 'flaky', 'late')],
          },
        ],
      },
    ],
  });
  expect(readPlaywright(path)).toEqual({
    passed: 1,
    failed: 3,
    skipped: 1,
    failures: ['a.e2e.ts › inner › three\nnot there', 'a.e2e.ts › inner › four\nlate', 'no server'],
  });
});

describe('a tier', () => {
  const outcome = { passed: 2, failed: 0, skipped: 0, failures: [] };

  test('that ran nothing has failed', () => {
    expect(settle(0, { ...outcome, passed: 0 })).toMatchObject({ failed: 1 });
    expect(settle(0, readVitest('/no/such/report.json'))).toMatchObject({ failed: 1 });
  });

  test('whose runner failed has failed, whatever its report says', () => {
    expect(settle(1, outcome)).toMatchObject({ passed: 2, failed: 1 });
    expect(settle(null, outcome)).toMatchObject({ failed: 1 });
  });

  test('that passed stays as it is', () => {
    expect(settle(0, outcome)).toBe(outcome);
  });
});
