/** The order in which the tiles of a list of weights are read. */
import { assert } from '../core/assert.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import type { QuantizeJob } from './quantize-job.ts';
import { RtnResult } from './rtn-result.ts';
import { type Tile, tilesOf } from './rtn-tiles.ts';
import { SOURCE_BYTES } from './weight-source.ts';

/** A job on its way. */
export interface Running {
  readonly index: number;
  readonly job: QuantizeJob;
  readonly tiles: readonly Tile[];
  readonly result: RtnResult;
  readonly returned: Promise<void>[];
  returnedCount: number;
  failure: StudioError | null;
}

export interface Step {
  readonly running: Running;
  /** null: the job cannot be cut into tiles. */
  readonly tile: Tile | null;
  readonly isLast: boolean;
  readonly bytes: Promise<ArrayBuffer> | null;
}

/** Tiles of all jobs in order; pulling one starts to read it. */
export function* stepsOf(jobs: readonly QuantizeJob[], maxElements: number): Generator<Step, null> {
  for (const [index, job] of jobs.entries()) {
    const running = begin(index, job, maxElements);
    if (running.failure) yield { running, tile: null, isLast: true, bytes: null };
    for (const [i, tile] of running.tiles.entries()) {
      const bytes = readTile(job, tile);
      bytes.catch(() => {}); // awaited when the tile's turn comes
      yield { running, tile, isLast: i === running.tiles.length - 1, bytes };
    }
  }
  return null;
}

function begin(index: number, job: QuantizeJob, maxElements: number): Running {
  const result = new RtnResult(job.spec);
  const running = { index, job, result, returned: [], returnedCount: 0 };
  try {
    const tiles = tilesOf(job.source.name, job.spec, maxElements);
    return { ...running, tiles, failure: null };
  } catch (failure) {
    if (!(failure instanceof StudioError)) throw failure;
    return { ...running, tiles: [], failure };
  }
}

async function readTile({ source, spec }: QuantizeJob, tile: Tile): Promise<ArrayBuffer> {
  const { K, N, transposed } = spec;
  assert(elementCount(source.dims) === K * N, `${source.name} has ${K} × ${N} elements`);
  const width = SOURCE_BYTES[source.dtype];
  const start = transposed ? tile.firstColumn * K : tile.firstRow * N;
  const count = transposed ? tile.validColumns * K : tile.validRows * N;
  return source.read(width * start, width * (start + count));
}
