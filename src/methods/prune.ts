/** Masks of what pruning sets to zero. Weights stream through in tiles; only masks are kept. */
import { prunedOfAll } from '../core/prune-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import { NON_FINITE } from '../reference/magnitude-histogram.ts';
import { beginSearch, narrow } from '../reference/magnitude-search.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import { joined, type MaskDevice } from './mask-device.ts';
import { joinMask } from './pruned-source.ts';
import type { WeightSource } from './weight-source.ts';
import { readTile, tilesOf } from './weight-tiles.ts';

export interface Pruned {
  /** Bit i % 8 of byte i / 8: element i becomes 0. */
  readonly mask: Uint8Array<ArrayBuffer>;
  readonly prunedCount: number;
  /** Of pruning alone: e = w where w becomes 0. */
  readonly errors: ErrorStatistics;
}

/** The failure names the weight, the fact and the remedy. */
export type PruneOutcome =
  | { readonly pruned: Pruned; readonly failure: null }
  | { readonly pruned: null; readonly failure: StudioError };

export interface PruneOptions {
  readonly signal: AbortSignal;
  /** Called after each tile with the share of all reading so far. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Sets exactly floor(sparsity · n) of all elements of all `sources` to zero, those of smallest
 * magnitude; of equal ones the earlier, by the order of sources and then of elements. One source
 * prunes within a weight, several globally. A source with values that are not finite fails and
 * takes no part. Reads every source four times.
 * @throws too-large beyond 2³² − 1 elements; device-lost, gpu-failed; what `read` throws; the
 *   signal's reason when it aborts, checked before each tile
 */
export async function pruneSmallest(
  device: MaskDevice,
  sources: readonly WeightSource[],
  sparsity: number,
  { signal, onProgress }: PruneOptions,
): Promise<readonly PruneOutcome[]> {
  const total = sources.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  if (total >= 2 ** 32) {
    throw new StudioError(
      'too-large',
      `${total} values cannot be compared with each other; at most ${2 ** 32 - 1}. Prune within each weight.`,
    );
  }
  let seen = 0;
  const read = (source: WeightSource) =>
    tilesOf(source, device.maxElements, signal, (count) => {
      seen += count;
      onProgress?.(Math.min(1, seen / (4 * total)));
    });

  const failures = new Map<WeightSource, StudioError>();
  const count = async (digit: NonNullable<ReturnType<typeof beginSearch>['digit']>) => {
    const counts = new Uint32Array(NON_FINITE);
    for (const source of sources) {
      if (failures.has(source)) continue;
      const own = await device.countDigit(read(source), digit);
      const nonFinite = own[NON_FINITE] as number;
      if (nonFinite > 0) failures.set(source, notFinite(source.name, nonFinite));
      else
        for (let i = 0; i < NON_FINITE; i++) counts[i] = (counts[i] as number) + (own[i] as number);
    }
    return counts;
  };

  // The first digit is counted before it is known which sources take part.
  const { digit: firstDigit } = beginSearch(1);
  const firstCounts = firstDigit ? await count(firstDigit) : new Uint32Array(NON_FINITE);
  const sound = sources.filter((source) => !failures.has(source));
  const elements = sound.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  let search = beginSearch(prunedOfAll(elements, sparsity));
  if (search.digit) search = narrow(search, firstCounts);
  while (search.digit) search = narrow(search, await count(search.digit));
  const threshold = search.result ?? { threshold: 0, ties: 0 };

  device.forgetTies();
  const outcomes: PruneOutcome[] = [];
  for (const source of sources) {
    const failure = failures.get(source);
    if (failure) {
      outcomes.push({ pruned: null, failure });
      continue;
    }
    const parts = new MaskParts(elementCount(source.dims));
    for await (const tile of read(source)) {
      parts.add(tile.length, await device.mask(tile, threshold));
    }
    outcomes.push({ pruned: parts.whole(), failure: null });
  }
  onProgress?.(1);
  return outcomes;
}

/**
 * Keeps `n` of every `m` neighbours along an axis of `source`, [outer, axisLength, inner]; see
 * `PruneSpec`.
 * @throws as `pruneSmallest`; too-large if one row of groups exceeds a tile
 */
export async function pruneNOfM(
  device: MaskDevice,
  source: WeightSource,
  { axisLength, inner }: AxisShape,
  rule: { readonly n: number; readonly m: number },
  { signal, onProgress }: PruneOptions,
): Promise<PruneOutcome> {
  const total = elementCount(source.dims);
  const slice = axisLength * inner;
  const row = rule.m * inner;
  if (Math.min(slice, row) > device.maxElements) {
    return {
      pruned: null,
      failure: new StudioError(
        'too-large',
        `${source.name} has groups that span ${Math.min(slice, row)} elements; at most ${device.maxElements} fit. Leave it alone.`,
      ),
    };
  }
  const parts = new MaskParts(total);
  let nonFinite = 0;
  for (let first = 0; first < total; ) {
    // Whole slices where one fits; else rows of whole groups, up to the end of the slice.
    const left = slice - (first % slice);
    const length =
      slice <= device.maxElements
        ? Math.min(Math.floor(device.maxElements / slice) * slice, total - first)
        : Math.min(Math.floor(device.maxElements / row) * row, left);
    const rows = slice <= device.maxElements ? axisLength : length / inner;
    signal.throwIfAborted();
    const tile = await readTile(source, first, first + length);
    const own = await device.nOfM(tile, { axisLength: rows, inner }, rule);
    parts.add(length, own);
    nonFinite += own.nonFinite;
    first += length;
    onProgress?.(first / total);
  }
  return nonFinite > 0
    ? { pruned: null, failure: notFinite(source.name, nonFinite) }
    : { pruned: parts.whole(), failure: null };
}

/** Puts masks of tiles that follow each other together. */
class MaskParts {
  readonly #mask: Uint8Array<ArrayBuffer>;
  #length = 0;
  #errors: ErrorStatistics = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };

  constructor(elements: number) {
    this.#mask = new Uint8Array(Math.ceil(elements / 8));
  }

  add(
    length: number,
    { mask, errors }: { readonly mask: Uint8Array; readonly errors: ErrorStatistics },
  ) {
    joinMask(mask, length, this.#mask, this.#length);
    this.#length += length;
    this.#errors = joined(this.#errors, errors);
  }

  whole(): Pruned {
    return { mask: this.#mask, prunedCount: bitCount(this.#mask), errors: this.#errors };
  }
}

function bitCount(bytes: Uint8Array): number {
  let count = 0;
  for (let byte of bytes) for (; byte > 0; byte &= byte - 1) count += 1;
  return count;
}

const notFinite = (name: string, count: number) =>
  new StudioError(
    'unsupported-model',
    `${name} holds ${count} values that are not finite (NaN or infinite). Leave it alone or repair the model.`,
  );
