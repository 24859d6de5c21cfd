/** What page and Python say of one output, as a line of a table. */

/** @import { Cell } from '../../src/state/matrix-hook.ts' */
/** @import { Judged } from './judge-output.mjs' */

export const judgedHead = [
  '| method | target | bytes | metric | page | Python | rows that differ (margins) | WASM | WebGPU | checker | verdict |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
].join('\n');

/**
 * @param {string} name
 * @param {string} target
 * @param {Cell} cell
 * @param {Judged} judged
 */
export function judgedLine(name, target, { byteLength, accuracy, measurements }, judged) {
  const { checker, rounded, native, differing, ties, faults } = judged;
  const cosineOf = (/** @type {string} */ wanted) =>
    measurements.find(({ backend }) => backend === wanted)?.truth?.cosine.toFixed(5) ?? '–';
  const margins = ties.length > 0 ? ` (${ties.slice(0, 8).join(', ')})` : '';
  return [
    '',
    name,
    rounded ? `${target}, 8-bit inputs` : target,
    byteLength.toLocaleString('en'),
    accuracy?.metric ?? '–',
    accuracy?.value.toFixed(5) ?? '–',
    native?.toFixed(5) ?? '–',
    differing === null ? '–' : `${differing}${margins}`,
    cosineOf('wasm'),
    cosineOf('webgpu'),
    checker,
    faults.length === 0 ? 'ok' : `wrong: ${faults.join('; ')}`,
    '',
  ]
    .join(' | ')
    .trim();
}
