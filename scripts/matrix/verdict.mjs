/** What is wrong with a cell of the matrix, by the page's own figures and by Python's. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @import { Cell } from '../../src/state/matrix-hook.ts' */

/** Python's kernels and the page's round differently; a wrong kernel is near 0. */
const NATIVE_TO_WASM = 0.02;

/**
 * @param {Cell} cell
 * @returns {string[]}
 */
export function faultsOf({ planned: plan, byteLength, partial, weights, measurements }) {
  const faults = [];
  const isKept = plan.exact ? plan.byteLength === byteLength : byteLength <= plan.byteLength;
  if (!isKept) faults.push(`planned ${plan.byteLength} B, written ${byteLength} B`);
  if (partial) {
    const failed = weights.filter((row) => row.failed);
    faults.push(`failed: ${failed.map(({ label, reason }) => `${label}: ${reason}`).join(', ')}`);
  }
  for (const { backend, failure, truth } of measurements) {
    if (failure) faults.push(`${backend}: ${failure}`);
    else if (truth?.failure) faults.push(`${backend}: ${truth.failure}`);
    else if (!truth) faults.push(`${backend}: no truth check`);
  }
  return faults;
}

/**
 * What Python says of the file.
 * @param {string} python its interpreter
 * @param {string} original
 * @param {string} file
 * @param {Cell} cell
 * @returns {string[]}
 */
export function judged(python, original, file, { measurements }) {
  const ask = (/** @type {string} */ script, /** @type {string[]} */ args) =>
    execFileSync(
      python,
      [fileURLToPath(new URL(`../../judge/${script}`, import.meta.url)), ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  try {
    ask('check.py', [file]);
    const { cosine, broken } = JSON.parse(ask('closeness.py', [original, file]));
    const floor = measurements.find(({ truth }) => truth)?.truth?.floor ?? 0;
    if (broken > 0) return [`Python: ${broken} values are not finite`];
    return cosine + NATIVE_TO_WASM < floor ? [`Python: cosine ${cosine}, floor ${floor}`] : [];
  } catch (error) {
    return [`Python: ${error instanceof Error ? error.message.slice(0, 600) : String(error)}`];
  }
}
