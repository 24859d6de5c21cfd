/** What a tier did, read from its runner's JSON report. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Outcome
 *   `failures` names each failed test with the beginning of its message
 */

const SHOWN_LINES = 20;

/**
 * A tier that did not get as far as running tests.
 * @param {string} reason
 * @returns {Outcome}
 */
export const failed = (reason) => ({ passed: 0, failed: 1, skipped: 0, failures: [reason] });

/**
 * Holds a report against the runner's exit status: crashes, unhandled errors and empty tiers fail.
 * @param {number | null} status
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
export function settle(status, outcome) {
  if (outcome.failed > 0) return outcome;
  if (status !== 0) return withFailure(outcome, `the runner ended with ${status ?? 'a signal'}`);
  if (outcome.passed + outcome.skipped === 0) return withFailure(outcome, 'no test ran');
  return outcome;
}

/**
 * @param {Outcome} outcome
 * @param {string} reason
 * @returns {Outcome}
 */
const withFailure = (outcome, reason) => ({
  ...outcome,
  failed: outcome.failed + 1,
  failures: [...outcome.failures, reason],
});

/** @param {string} path */
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});

/**
 * What a person needs of a failure's text: no colours, no frames of the runner's own, not too long.
 * @param {string} text
 */
export function beginning(text) {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' && !/^\s+at .*(node_modules|node:internal|new Promise)/.test(line),
    );
  return [...lines.slice(0, SHOWN_LINES), ...(lines.length > SHOWN_LINES ? ['…'] : [])].join('\n');
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} VitestCase
 * @typedef {{ name: string, status: string, message: string, assertionResults: VitestCase[] }} VitestFile
 */

/**
 * @param {string} path of Vitest's JSON report
 * @returns {Outcome}
 */
export function readVitest(path) {
  /** @type {VitestFile[]} */
  const files = read(path).testResults ?? [];
  const cases = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: relative('.', name) })),
  );
  const wrong = cases.filter(({ status }) => status === 'failed');
  // A file that cannot be loaded, or whose hooks fail, has failed without a failed case.
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(({ status }) => status === 'failed'),
  );
  const passed = cases.filter(({ status }) => status === 'passed').length;
  return {
    passed,
    failed: wrong.length + broken.length,
    skipped: cases.length - passed - wrong.length,
    failures: [
      ...wrong.map(({ file, fullName, failureMessages }) =>
        beginning(`${file} › ${fullName}\n${failureMessages.join('\n')}`),
      ),
      ...broken.map(({ name, message }) => beginning(`${relative('.', name)}\n${message}`)),
    ],
  };
}

/**
 * @param {string} path of the matrix's JSON report
 * @returns {Outcome}
 */
export function readMatrix(path) {
  /** @type {{ name: string, verdict: string, words: string }[]} */
  const cells = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
  const count = (/** @type {string} */ verdict) =>
    cells.filter((cell) => cell.verdict === verdict).length;
  const wrong = cells.filter(({ verdict }) => verdict !== 'ok' && verdict !== 'skipped');
  return {
    passed: count('ok'),
    failed: wrong.length,
    skipped: count('skipped'),
    failures: wrong.map(({ name, words }) => beginning(`${name}\n${words}`)),
  };
}

/**
 * @typedef {{ message?: string }} PlaywrightError
 * @typedef {{ status: string, results: { errors: PlaywrightError[] }[] }} PlaywrightTest
 * @typedef {{ title: string, tests: PlaywrightTest[] }} PlaywrightSpec
 * @typedef {{ title: string, specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/**
 * @param {string} path of Playwright's JSON report
 * @returns {Outcome}
 */
export function readPlaywright(path) {
  /** @type {{ suites?: PlaywrightSuite[], errors?: PlaywrightError[] }} */
  const { suites = [], errors = [] } = read(path);
  const tests = suites.flatMap((suite) => testsOf(suite, ''));
  const wrong = tests.filter(({ status }) => status === 'unexpected' || status === 'flaky');
  const skipped = tests.filter(({ status }) => status === 'skipped').length;
  return {
    passed: tests.length - wrong.length - skipped,
    failed: wrong.length + errors.length,
    skipped,
    failures: [
      ...wrong.map(({ name, message }) => beginning(`${name}\n${message}`)),
      ...errors.map(({ message = 'an error without a message' }) => beginning(message)),
    ],
  };
}

/**
 * @param {PlaywrightSuite} suite
 * @param {string} prefix
 * @returns {{ name: string, status: string, message: string }[]}
 */
function testsOf({ title, specs = [], suites = [] }, prefix) {
  const name = prefix ? `${prefix} › ${title}` : title;
  const own = specs.flatMap((spec) =>
    spec.tests.map(({ status, results }) => ({
      name: `${name} › ${spec.title}`,
      status,
      message: results
        .flatMap(({ errors }) => errors.map(({ message }) => message ?? ''))
        .join('\n'),
    })),
  );
  return [...own, ...suites.flatMap((inner) => testsOf(inner, name))];
}
