/** Why the input channels of a weight get no scales. Reasons are shown to the person. */
import { intOf } from '../../encoders/lower.ts';
import type { GraphId } from '../../model/graphs.ts';
import type { Graph } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { MatrixView } from '../matrix-view.ts';
import type { Pruning } from '../planned-weight.ts';

/** null: it is the right operand of one product of rows, whose inputs can come divided. */
export function notAProduct(
  { tensor, uses }: Weight,
  { operator }: MatrixView,
  graphs: ReadonlyMap<GraphId, Graph>,
): string | null {
  if (tensor.dtype !== 'float32') return `Inputs not scaled: the weight is ${tensor.dtype}`;
  const [use, another] = uses;
  if (another) return 'Inputs not scaled: several operators read the weight';
  const node = use && graphs.get(use.graph)?.nodes[use.nodeIndex];
  const isRight = use?.inputIndex === 1 && (operator === 'MatMul' || operator === 'Gemm');
  if (!node?.inputs[0] || !isRight || intOf(node, 'transA', 0) !== 0) {
    return 'Inputs not scaled: the weight is not what rows of inputs are multiplied by';
  }
  return null;
}

/**
 * Of zeros and ranks that come of the values of the weight as it is: under scales, which are found
 * later, they would be others.
 */
export function knownTooLate(prune: Pruning | null, rankByValues: boolean): string | null {
  if (prune?.spec.kind === 'unstructured' && prune.spec.scope === 'global') {
    return 'Inputs not scaled: zeros are chosen over all weights before scales are known';
  }
  return rankByValues
    ? 'Inputs not scaled: the rank depends on values, and is chosen before scales are known'
    : null;
}
