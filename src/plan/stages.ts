/** What the steps of a recipe that prune and factorize come to on one weight. */
import type { OptionFix } from '../catalog/encodings.ts';
import type { OptionValue } from '../catalog/technique.ts';
import {
  type FactorizeSpec,
  type FactorMetric,
  type FoundRank,
  largestUsefulRank,
  rankForBudget,
  type Split,
} from '../core/factorize-spec.ts';
import type { PruneMethod, PruneSpec } from '../core/prune-spec.ts';
import { canSplit, factorMatrix } from './factor-matrix.ts';
import type { MatrixView } from './matrix-view.ts';
import type { FactorizeStage, Pruning } from './planned-weight.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** A stage, or why the weight goes without it. */
export type StageResult<S> =
  | { readonly stage: S }
  | { readonly reason: string; readonly fix?: OptionFix };

export function pruneStage(
  stepIndex: number,
  method: PruneMethod,
  options: Options,
  { inputs }: MatrixView,
): StageResult<Pruning> {
  const { pattern, sparsity, scope = 'tensor' } = options;
  if (pattern === 'free') {
    if (sparsity === 0) return { reason: 'Sparsity 0 prunes nothing' };
    const spec = { kind: 'unstructured', sparsity, scope } as PruneSpec;
    return { stage: { stepIndex, method, spec } };
  }
  const [n = 2, m = 4] = String(pattern).split(':').map(Number);
  if (Math.floor((Math.min(inputs.axisLength, m) * (m - n)) / m) === 0) {
    return {
      reason: `${pattern} pruning has nothing to choose from: ${inputs.axisLength} input a channel`,
    };
  }
  return { stage: { stepIndex, method, spec: { kind: 'n-of-m', n, m } } };
}

/**
 * @param metric of the step's technique
 * @param found the rank that a run found where it depends on values; undefined before that, and 0
 *   or a rank that saves nothing if there is none
 */
export function factorizeStage(
  stepIndex: number,
  { options, metric }: { readonly options: Options; readonly metric: FactorMetric },
  view: MatrixView,
  found: FoundRank | undefined,
): StageResult<FactorizeStage> {
  const { operator, groups, K, N } = view;
  if (operator === 'Conv' ? groups > 1 : !FACTORIZED.has(operator)) {
    return { reason: groups > 1 ? 'Low rank: convolutions in groups stay whole' : NOT_FACTORIZED };
  }
  const useful = largestUsefulRank(K, N);
  if (useful < 1) return { reason: 'Low rank would not make it smaller' };
  const spec = factorizeSpec(options);
  const shared = isShared(options);
  const splits = splitsOf(options['kernels'], view);
  const own = { stepIndex, spec, metric, shared, splits, split: 'channel' } as const;
  const isPlain = splits.length === 1 && splits[0] === 'channel';
  if (spec.by === 'energy' || shared || !isPlain) {
    if (found === undefined) return { stage: { ...own, rank: useful, exact: false } };
    return foundStage(own, view, found);
  }
  const rank = spec.by === 'rank' ? spec.rank : rankForBudget(K, N, spec.share);
  if (rank < 1) return { reason: `Low rank: no rank fits ${percent(shareOf(spec))} of its values` };
  if (rank > useful) {
    const reason = `Low rank would not make it smaller: at most rank ${useful} does`;
    return { reason, fix: { key: 'rank', value: useful } };
  }
  return { stage: { ...own, rank, exact: true } };
}

const isShared = ({ by, scope }: Options): boolean => by === 'budget' && scope === 'global';

/** Whether the rank of a matrix follows from more than its shape. */
export const isRankByValues = (options: Options): boolean =>
  options['by'] === 'energy' || isShared(options);

function foundStage(
  own: Omit<FactorizeStage, 'rank' | 'exact'>,
  view: MatrixView,
  found: FoundRank,
): StageResult<FactorizeStage> {
  const { spec, shared } = own;
  const [split, rank] =
    typeof found === 'number'
      ? (['channel', found] as const)
      : (['spatial', found.spatial] as const);
  const { rows, columns } = factorMatrix(view, split);
  if (rank >= 1 && rank <= largestUsefulRank(rows, columns) && own.splits.includes(split)) {
    const known =
      spec.by === 'energy' && split === 'channel' ? spec : ({ by: 'rank', rank } as const);
    return { stage: { ...own, spec: known, split, rank, exact: true } };
  }
  if (shared) return { reason: 'Low rank: it stays whole, its share of the budget loses least so' };
  return {
    reason:
      spec.by === 'energy'
        ? `Low rank would not make it smaller at ${percent(spec.energy)} energy`
        : `Low rank: no rank of its kernel fits`,
  };
}

/** The splits that a step allows of a weight: only kernels of two axes have a choice. */
function splitsOf(kernels: OptionValue | undefined, view: MatrixView): readonly Split[] {
  if (kernels === undefined || kernels === 'channel' || !canSplit(view)) return ['channel'];
  return kernels === 'spatial' ? ['spatial'] : ['channel', 'spatial'];
}

const FACTORIZED: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'Conv', 'Gather']);
const NOT_FACTORIZED = 'Low rank: its uses take it only whole';

function factorizeSpec({ by, rank, energy, budget }: Options): FactorizeSpec {
  if (by === 'rank') return { by, rank: rank as number };
  if (by === 'energy') return { by, energy: energy as number };
  return { by: 'budget', share: budget as number };
}

const shareOf = (spec: FactorizeSpec): number => (spec.by === 'budget' ? spec.share : 1);

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
