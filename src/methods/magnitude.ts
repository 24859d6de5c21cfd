/**
 * Magnitude pruning: which values of weights become 0. Free pruning finds its threshold by radix
 * select, so that weights stream by and exactly the share asked for goes, ties by order of weights
 * and then by index.
 * @see https://arxiv.org/abs/1506.02626 (Han et al.)
 */
import { type PruneSpec, prunedOfAll } from '../core/prune-spec.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import { HISTOGRAM_LENGTH, NON_FINITE } from '../reference/magnitude-histogram.ts';
import { beginSearch, type MagnitudeThreshold, narrow } from '../reference/magnitude-search.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import type { PruneMask } from '../reference/prune-mask.ts';
import type { PruningDevice } from './pruning-device.ts';
import { isOfOneWeight, notFinite } from './quantize-job.ts';
import type { WeightSource } from './weight-source.ts';

/** What of one weight goes: its part in a selection over one weight or many. */
export interface Selection extends MagnitudeThreshold {
  /** Values in earlier weights that equal the threshold. */
  readonly tiesBefore: number;
}

export type SelectionOutcome =
  | { readonly selection: Selection; readonly failure: null }
  | { readonly selection: null; readonly failure: StudioError };

export interface SelectOptions {
  readonly signal: AbortSignal;
  /** Called as weights are passed; each is passed three times. */
  readonly onPass?: (done: number, total: number) => void;
}

/** Counts of digits have 32 bits. */
const MOST_VALUES = 2 ** 32 - 1;
const PASSES = 3;

/**
 * Selects the floor(sparsity · n) smallest of all n values of `sources` together. A weight with
 * values that are not finite, or that cannot be read, fails by itself and does not count.
 * @throws too-large for 2³² values or more; as `PruningDevice`
 */
export async function selectSmallest(
  device: PruningDevice,
  sources: readonly WeightSource[],
  sparsity: number,
  { signal, onPass }: SelectOptions,
): Promise<readonly SelectionOutcome[]> {
  const failures = new Map<WeightSource, StudioError>();
  let passed = 0;
  const countsOf = async (digit: Parameters<PruningDevice['countDigits']>[1]) => {
    const counts = new Map<WeightSource, Uint32Array>();
    for (const source of sources) {
      signal.throwIfAborted();
      if (!failures.has(source)) {
        const own = await countOne(device, source, digit, signal);
        if (own instanceof StudioError) failures.set(source, own);
        else counts.set(source, own);
      }
      onPass?.(++passed, PASSES * sources.length);
    }
    return counts;
  };

  // The first digit is counted before it is known what may count.
  const { digit: firstDigit } = beginSearch(1);
  let counts = firstDigit ? await countsOf(firstDigit) : new Map<WeightSource, Uint32Array>();
  const total = [...counts.keys()].reduce((sum, { dims }) => sum + elementCount(dims), 0);
  if (total > MOST_VALUES) {
    throw new StudioError(
      'too-large',
      `${total} values are compared; at most ${MOST_VALUES} can be. Prune within each weight.`,
    );
  }
  let search = beginSearch(prunedOfAll(total, sparsity));
  while (search.digit) {
    search = narrow(search, sumOf(counts.values()));
    if (search.digit) counts = await countsOf(search.digit);
  }
  const threshold = search.result ?? { threshold: 0, ties: 0 };
  let tiesBefore = 0;
  return sources.map((source) => {
    const failure = failures.get(source);
    if (failure) return { selection: null, failure };
    const selection = { ...threshold, tiesBefore };
    // The last counts are those of the threshold's lowest digit.
    tiesBefore += counts.get(source)?.[threshold.threshold % LOWEST_DIGIT] ?? 0;
    return { selection, failure: null };
  });
}

const LOWEST_DIGIT = 2 ** 10;

async function countOne(
  device: PruningDevice,
  source: WeightSource,
  digit: Parameters<PruningDevice['countDigits']>[1],
  signal: AbortSignal,
): Promise<Uint32Array | StudioError> {
  try {
    const own = await device.countDigits(source, digit, signal);
    const nonFinite = own[NON_FINITE] ?? 0;
    return nonFinite > 0 ? notFinite(source.name, nonFinite) : own;
  } catch (error) {
    if (isOfOneWeight(error)) return error;
    throw error;
  }
}

function sumOf(counts: Iterable<Uint32Array>): Uint32Array {
  const sum = new Uint32Array(HISTOGRAM_LENGTH);
  for (const own of counts) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (own[i] as number);
  }
  return sum;
}

/**
 * The mask of one weight.
 * - `inputs`    — the weight as it lies, by the axis that one output sums over
 * - `selection` — of a selection over many weights; null selects within this one
 * @throws unsupported-model for values that are not finite; as `PruningDevice`
 */
export async function pruneWeight(
  device: PruningDevice,
  source: WeightSource,
  spec: PruneSpec,
  inputs: AxisShape,
  selection: Selection | null,
  signal: AbortSignal,
): Promise<PruneMask> {
  if (spec.kind === 'n-of-m') {
    const { nonFinite, ...pruned } = await device.markNOfM(source, inputs, spec, signal);
    if (nonFinite > 0) throw notFinite(source.name, nonFinite);
    return pruned;
  }
  let own = selection;
  if (!own) {
    const [outcome] = await selectSmallest(device, [source], spec.sparsity, { signal });
    if (outcome?.failure) throw outcome.failure;
    own = outcome?.selection ?? null;
  }
  const { tiesBefore, ...threshold } = own ?? { threshold: 0, ties: 0, tiesBefore: 0 };
  return device.markBelow(source, threshold, tiesBefore, signal);
}
