/**
 * Time in matrix products, by the runtime's profile, against the bytes of the matrices. Each profile is
 * a median over runs; of several the least counts, as other work on a machine only adds to times.
 */

/** @import { Matrix } from '../../src/state/matrix-hook.ts' */
/** @typedef {Awaited<ReturnType<Matrix['cell']>>} Cell */
/** @typedef {Cell['profiles'][number]['output']} OperatorTimes */

/** As the runtime calls them after its fusions: FusedMatMul, MatMulNBits, ConvInteger. */
const MATRIX = /MatMul|Gemm|Conv|Attention/;

export const profileHead = [
  '| method | bytes | matrices, bytes ratio | matrix time, ms | all operators, ms | matrix time ratio (by pair) | time ÷ proportion |',
  '|---|---|---|---|---|---|---|',
].join('\n');

/**
 * @param {string} name
 * @param {Pick<Cell, 'byteLength' | 'weights' | 'profiles'>} cell
 */
export function profileLine(name, { byteLength, weights, profiles }) {
  const own = weights.filter(({ op }) => MATRIX.test(op));
  const before = own.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0);
  const after = own.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0);
  const proportion = after / before;
  const ratios = profiles.map(({ original, output }) => matrixMs(output) / matrixMs(original));
  /**
   * @param {'original' | 'output'} key
   * @param {(times: OperatorTimes) => number} of
   */
  const least = (key, of) => Math.min(...profiles.map((pair) => of(pair[key])));
  const ratio = least('output', matrixMs) / least('original', matrixMs);
  const both = (/** @type {(times: OperatorTimes) => number} */ of) =>
    `${least('original', of).toFixed(2)} → ${least('output', of).toFixed(2)}`;
  return [
    '',
    name,
    byteLength.toLocaleString('en'),
    proportion.toFixed(3),
    both(matrixMs),
    both(allMs),
    `${ratio.toFixed(3)} (${ratios.map((it) => it.toFixed(3)).join(', ')})`,
    (ratio / proportion).toFixed(3),
    '',
  ]
    .join(' | ')
    .trim();
}

/** @param {OperatorTimes} times */
const matrixMs = ({ operators }) =>
  operators.filter(({ op }) => MATRIX.test(op)).reduce((sum, it) => sum + (it.durationMs ?? 0), 0);

/** @param {OperatorTimes} times */
const allMs = ({ operators }) => operators.reduce((sum, it) => sum + (it.durationMs ?? 0), 0);
