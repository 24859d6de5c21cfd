/** Time in matrix products, by the runtime's profile, against the bytes of the matrices. */

/** @import { Matrix } from '../../src/state/matrix-hook.ts' */
/** @typedef {Awaited<ReturnType<Matrix['cell']>>} Cell */
/** @typedef {Cell['profiles'][number]['output']} OperatorTimes */

/** As the runtime calls them after its fusions: FusedMatMul, MatMulNBits, ConvInteger. */
const MATRIX = /MatMul|Gemm|Conv|Attention/;

export const profileHead = [
  '| method | bytes | matrices, bytes ratio | matrix time, ms | all operators, ms | matrix time ratio, by pair | time ÷ proportion |',
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
  const ratio = middle(ratios);
  const both = (/** @type {(times: OperatorTimes) => number} */ of) =>
    ['original', 'output']
      .map((key) =>
        middle(
          profiles.map((pair) => of(pair[/** @type {'original' | 'output'} */ (key)])),
        ).toFixed(2),
      )
      .join(' → ');
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

/** @param {readonly number[]} values */
function middle(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
