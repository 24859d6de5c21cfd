/** `upperFactor` in blocks, the products of which are WebAssembly's. */
import { assert } from '../core/assert.ts';
import type { FactorTask, UpperFactor } from '../reference/upper-factor.ts';
import { blockProduct, SIDE } from './block-product.ts';

const PAGE_BYTES = 2 ** 16;
const BLOCK = SIDE * SIDE;

/** Block [row, column] of the lower half begins here. */
const startOf = (row: number, column: number): number => ((row * (row + 1)) / 2 + column) * BLOCK;

/** Of an entry of the lower half. */
const placeOf = (row: number, column: number): number => {
  const [inRow, inColumn] = [row & (SIDE - 1), column & (SIDE - 1)];
  return startOf((row - inRow) / SIDE, (column - inColumn) / SIDE) + inColumn * SIDE + inRow;
};

/**
 * As the reference, but for the order of sums.
 * Yields what is done, as a share, some milliseconds apart; returns null if a pivot is not positive.
 * @throws RangeError where the memory of half a matrix is not to be had
 */
export function* blockedFactor(task: FactorTask): Generator<number, UpperFactor | null> {
  const { K } = task;
  assert(task.gram.length === K * K && task.order.length === K, `${K} × ${K} entries`);
  const side = Math.ceil(K / SIDE);
  const inverses = startOf(side, 0);
  const spare = inverses + side * BLOCK;
  const pages = Math.ceil((8 * (spare + BLOCK)) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const a = new Float64Array(memory.buffer, 0, spare + BLOCK);
  const subtract = blockProduct(memory);
  fill(a, task, side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) {
      const at = startOf(i, j);
      for (let k = 0; k < j; k++) subtract(8 * at, 8 * startOf(i, k), 8 * startOf(j, k));
      const inverse = inverses + j * BLOCK;
      if (i === j) {
        if (!factorBlock(a, at)) return null;
        invertBlock(a, at, inverse);
      } else {
        a.copyWithin(spare, at, at + BLOCK);
        a.fill(0, at, at + BLOCK);
        subtract(8 * at, 8 * spare, 8 * inverse);
      }
      yield ((i + (j + 1) / (i + 1)) / side) ** 3;
    }
  }
  return turned(a, K);
}

/** The lower half of H + λI in reversed order, filled up with the identity. */
function fill(a: Float64Array, { K, gram, shift, order }: FactorTask, side: number): void {
  for (let i = 0; i < K; i++) {
    const row = order[K - 1 - i] as number;
    for (let j = 0; j <= i; j++) {
      a[placeOf(i, j)] = gram[row * K + (order[K - 1 - j] as number)] as number;
    }
    a[placeOf(i, i)] = (a[placeOf(i, i)] as number) + (shift[row] as number);
  }
  for (let i = K; i < side * SIDE; i++) a[placeOf(i, i)] = 1;
}

/** The block's own lower factor, over it; what lies above the diagonal is nobody's. */
function factorBlock(a: Float64Array, at: number): boolean {
  for (let column = 0; column < SIDE; column++) {
    const own = at + column * SIDE;
    for (let before = 0; before < column; before++) {
      const other = at + before * SIDE;
      const by = a[other + column] as number;
      for (let row = column; row < SIDE; row++) {
        a[own + row] = (a[own + row] as number) - by * (a[other + row] as number);
      }
    }
    const pivot = a[own + column] as number;
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    a[own + column] = root;
    for (let row = column + 1; row < SIDE; row++) a[own + row] = (a[own + row] as number) / root;
  }
  return true;
}

/**
 * −L⁻¹ of the block's lower factor L, so that a product takes the place of every division by L. What
 * that costs in float64 is its condition, far below that of the float32 statistics.
 */
function invertBlock(a: Float64Array, factor: number, inverse: number): void {
  for (let column = 0; column < SIDE; column++) {
    const own = inverse + column * SIDE;
    a[own + column] = -1;
    for (let before = column; before < SIDE; before++) {
      const of = factor + before * SIDE;
      const entry = (a[own + before] as number) / (a[of + before] as number);
      a[own + before] = entry;
      for (let row = before + 1; row < SIDE; row++) {
        a[own + row] = (a[own + row] as number) - entry * (a[of + row] as number);
      }
    }
  }
}

/** From the lower factor L of the reversed matrix: Ů[j, k] = L[K-1-j, K-1-k] / L[K-1-k, K-1-k]. */
function turned(a: Float64Array, K: number): UpperFactor {
  const upper = new Float32Array(K * K);
  const roots = Float64Array.from({ length: K }, (_, k) => {
    return a[placeOf(K - 1 - k, K - 1 - k)] as number;
  });
  for (let j = 0; j < K; j++) {
    for (let k = j + 1; k < K; k++) {
      const entry = a[placeOf(K - 1 - j, K - 1 - k)] as number;
      upper[j * K + k] = entry / (roots[k] as number);
    }
  }
  return { K, upper, diagonal: roots.map((root) => root * root) };
}
