/** What is wrong with a cell of the matrix, by the page's own figures and by Python's. */

/** @import { Cell } from '../../src/state/matrix-hook.ts' */
/** @import { Closeness } from './judge.mjs' */

/** Python's kernels and the page's round differently; a wrong kernel is near 0. */
const NATIVE_TO_WASM = 0.02;

/**
 * @typedef {{ byteLength: number, wasm?: number, webgpu?: number, native?: number, metric?: string, accuracy?: number }} Figures
 *   cosines to the original's outputs, by backend; `native`: in Python
 */

/**
 * @param {Cell} cell
 * @param {number} fileLength bytes of the file that came down
 * @returns {string[]}
 */
export function faultsOf(
  { planned: plan, byteLength, partial, weights, measurements },
  fileLength,
) {
  const faults = [];
  if (fileLength !== byteLength) faults.push(`told ${byteLength} B, the file has ${fileLength} B`);
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
 * Whether a backend gives other outputs than another, or than the original's noise allows.
 * @param {Cell} cell
 */
export const disagrees = ({ measurements }) => measurements.some(({ truth }) => truth?.failure);

/**
 * What Python says of the file.
 * @param {Closeness} closeness
 * @param {Cell} cell
 * @returns {string[]}
 */
export function judged(closeness, { measurements, weights }) {
  if ('error' in closeness) return [`Python: ${closeness.error}`];
  const { cosine, broken } = closeness;
  const floor = measurements.find(({ truth }) => truth)?.truth?.floor ?? 0;
  if (broken > 0) return [`Python: ${broken} values are not finite`];
  // On inputs that are made up, no floor says how much a whole block does; its own test compares with
  // the original that skips it, and `faultsOf` goes by the rows of the data.
  if (weights.some(({ encoding }) => encoding === 'dropped')) return [];
  return cosine + NATIVE_TO_WASM < floor ? [`Python: cosine ${cosine}, floor ${floor}`] : [];
}

/**
 * @param {Cell} cell
 * @param {Closeness | null} closeness null: Python was not asked
 * @returns {Figures}
 */
export function figuresOf({ byteLength, measurements, accuracy }, closeness) {
  const cosines = measurements.flatMap(({ backend, truth }) =>
    truth ? [[backend, truth.cosine]] : [],
  );
  return {
    byteLength,
    ...Object.fromEntries(cosines),
    ...(closeness && 'cosine' in closeness && { native: closeness.cosine }),
    ...(accuracy && { metric: accuracy.metric, accuracy: accuracy.value }),
  };
}

/** @param {Figures} figures */
export function wordsOf({ byteLength, wasm, webgpu, native, metric, accuracy }) {
  const cosines = Object.entries({ wasm, webgpu, native }).map(
    ([name, cosine]) => `${name} ${cosine?.toFixed(5) ?? 'none'}`,
  );
  const scored = metric === undefined ? '' : `, ${metric} ${accuracy?.toFixed(4)}`;
  return `${byteLength} B, ${cosines.join(', ')}${scored}`;
}
