/** How a weight is cut into pieces that a binding can hold. Pure. */

import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { StudioError } from '../core/studio-error.ts';

/** Part of a weight: elements `[firstRow, firstRow + validRows)` along K, likewise columns along N. */
export interface Tile {
  readonly firstRow: number;
  readonly validRows: number;
  /** Whole blocks, and a multiple of 16. */
  readonly rows: number;
  readonly firstColumn: number;
  readonly validColumns: number;
  /** A multiple of 4. */
  readonly columns: number;
  /** Elements along K that share a scale within this tile. */
  readonly blockSize: number;
  readonly blockCount: number;
  /** Whether to add to the extremes of its blocks, to turn them into scales, to make codes. */
  readonly does: TileWork;
}

export interface TileWork {
  /** The first tile that touches these blocks. */
  readonly clears: boolean;
  readonly ranges: boolean;
  /** Adds to the errors that a clip search compares. */
  readonly clipErrors: boolean;
  readonly parameters: boolean;
  readonly codes: boolean;
  /** Scales and zero points come back with this tile. */
  readonly returnsScales: boolean;
}

/** Blocks of a tile whose clip errors fit the smallest binding limit: 80 tries of 4 B. */
const MAX_CLIP_BLOCKS = Math.floor(2 ** 27 / 320);

const everything = (clipErrors: boolean): TileWork => ({
  ...{ clears: true, ranges: true, clipErrors, parameters: true, codes: true },
  returnsScales: true,
});

const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

/** Padded lengths, and the granularity of tiles. */
function gridOf(spec: QuantizeSpec) {
  const { K, N, transposed } = spec;
  const { blockSize, blockCount } = quantizedLayout(spec);
  const perChannel = spec.blockSize === 'channel';
  const paddedK = perChannel ? roundUp(K, 16) : blockCount * blockSize;
  const paddedN = roundUp(N, 4);
  return {
    ...{ perChannel, paddedK, paddedN, blockSize, blockCount },
    unit: transposed ? 4 : perChannel ? 16 : blockSize,
    across: transposed ? paddedK : paddedN,
  };
}

/** Elements of the smallest tile that `spec` can be cut into. */
export function smallestTile(spec: QuantizeSpec): number {
  const { unit, across } = gridOf(spec);
  return unit * across;
}

/**
 * Tiles of at most `limit` padded elements, in the order in which to run them; contiguous in
 * the stored weight. Channels of a [K, N] weight that does not fit one tile are passed twice: for
 * the extremes, then for the codes; with a clip search a third time in between.
 * @throws too-large if not even the smallest tile fits
 */
export function tilesOf(name: string, spec: QuantizeSpec, limit: number): readonly Tile[] {
  const { K, N, transposed, clip = false } = spec;
  const { perChannel, paddedK, paddedN, blockSize, blockCount, unit, across } = gridOf(spec);
  const maxElements = clip ? Math.min(limit, MAX_CLIP_BLOCKS * blockSize) : limit;
  if (unit * across > maxElements) {
    throw new StudioError(
      'too-large',
      `${name} has rows of ${transposed ? K : N} elements; this GPU takes at most ` +
        `${Math.floor(maxElements / unit)} at a time. Choose a smaller block or leave it alone.`,
    );
  }
  const step = Math.floor(maxElements / (unit * across)) * unit;
  const length = transposed ? N : K;
  const starts = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);

  if (transposed) {
    return starts.map((firstColumn) => {
      const validColumns = Math.min(step, N - firstColumn);
      return {
        ...{ firstRow: 0, validRows: K, rows: paddedK },
        ...{ firstColumn, validColumns, columns: roundUp(validColumns, 4) },
        ...{ blockSize: perChannel ? paddedK : blockSize, blockCount, does: everything(clip) },
      };
    });
  }
  const pass = (does: (index: number) => TileWork): Tile[] =>
    starts.map((firstRow, index) => {
      const validRows = Math.min(step, K - firstRow);
      const rows = roundUp(validRows, unit);
      return {
        ...{ firstRow, validRows, rows },
        ...{ firstColumn: 0, validColumns: N, columns: paddedN },
        blockSize: perChannel ? rows : blockSize,
        blockCount: perChannel ? 1 : rows / blockSize,
        does: does(index),
      };
    });
  if (!perChannel || starts.length === 1) return pass(() => everything(clip));
  const last = starts.length - 1;
  const search = pass((index) => ({
    ...{ clears: false, ranges: false, clipErrors: true, parameters: index === last },
    ...{ codes: false, returnsScales: false },
  }));
  return [
    ...pass((index) => ({
      ...{ clears: index === 0, ranges: true, clipErrors: false },
      ...{ parameters: !clip && index === last, codes: false, returnsScales: false },
    })),
    ...(clip ? search : []),
    ...pass((index) => ({
      ...{ clears: false, ranges: false, clipErrors: false, parameters: false },
      ...{ codes: true, returnsScales: index === 0 },
    })),
  ];
}
