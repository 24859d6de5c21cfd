/**
 * Error feedback at speed: `errorFeedback` for levels and pruning alone, in blocks of columns and
 * tiles of four by four, N K² operations. Rows do not depend on each other, save where free pruning
 * compares them within a block.
 */
import { assert } from '../core/assert.ts';
import { type PruneSpec, prunedOfAll, prunedOfGroup, SPARSEGPT_BLOCK } from '../core/prune-spec.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { type Panel, panelOf, TILE, tileProducts } from './feedback-products.ts';
import { quantizeElement } from './quantize-element.ts';
import type { UpperFactor } from './upper-factor.ts';

/** Levels of every value, columns in the order of the factor. */
export interface Grid {
  readonly rule: Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric'>;
  /** Block of each column, [K]. */
  readonly blockOf: Uint32Array;
  readonly blockCount: number;
  /** float32 [N, blockCount], as stored. */
  readonly scales: Float32Array;
  /** uint8 [N, blockCount], of unsigned codes. */
  readonly zeroPoints: Uint8Array;
}

export interface FeedbackTask {
  readonly N: number;
  /** float32 [N, K], columns in the order of the factor. */
  readonly weight: Float32Array;
  readonly factor: UpperFactor;
  /** Chooses what becomes 0; null leaves that to `goes`. */
  readonly prune: PruneSpec | null;
  /** uint8 [N, K]: 1 where a value becomes 0 in any case; null: nowhere. */
  readonly goes: Uint8Array | null;
  /** null: what stays keeps its corrected value. */
  readonly grid: Grid | null;
}

export interface FeedbackResult {
  /** uint8 [N, K], unsigned; 0 without a grid. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** float32 [N, K]: the weight less what it became. */
  readonly errors: Float32Array<ArrayBuffer>;
  /** uint8 [N, K]: what became 0 by pruning. */
  readonly goes: Uint8Array<ArrayBuffer>;
  /** float64 [N]: each row's part of tr(E (H + λI) Eᵀ). */
  readonly losses: Float64Array<ArrayBuffer>;
}

/** Columns whose part of Ů stays in a cache. */
const BLOCK = 64;

/** Yields the share that is done, some milliseconds apart. */
export function* feedback(task: FeedbackTask): Generator<number, FeedbackResult> {
  const walk = new Walk(task);
  const { K } = task.factor;
  const isFree = task.prune?.kind === 'unstructured';
  const width = isFree ? SPARSEGPT_BLOCK : BLOCK;
  for (let first = 0; first < K; first += width) {
    const panel = panelOf(task.factor, first, Math.min(width, K - first));
    const share = (part: number) => ((first + width * part) / K) ** 2;
    if (isFree) {
      yield* walk.chooseFree(panel, task.prune.sparsity);
      yield share(0.5);
    }
    for (let row = 0; row < task.N; row += TILE) {
      walk.settleRows(panel, row);
      if (row % 64 === 0) yield share(row / task.N);
    }
  }
  return walk.result;
}

class Walk {
  readonly result: FeedbackResult;
  readonly #task: FeedbackTask;
  readonly #K: number;
  /** float32, filled up to whole tiles of rows. */
  readonly #errors: Float32Array<ArrayBuffer>;
  readonly #sums = new Float64Array(TILE * TILE);
  readonly #block = { scale: 0, zeroPoint: 0 };

  constructor(task: FeedbackTask) {
    const { N, factor, goes, weight } = task;
    const { K } = factor;
    assert(weight.length === N * K && (!goes || goes.length === N * K), `${N} rows of ${K}`);
    this.#task = task;
    this.#K = K;
    this.#errors = new Float32Array(TILE * Math.ceil(N / TILE) * K);
    this.result = {
      codes: new Uint8Array(N * K),
      errors: this.#errors.subarray(0, N * K),
      goes: goes ? new Uint8Array(goes) : new Uint8Array(N * K),
      losses: new Float64Array(N),
    };
  }

  /** Four rows through the columns of a panel. */
  settleRows(panel: Panel, row: number): void {
    const { first, width } = panel;
    const { prune } = this.#task;
    for (let column = first; column < first + width; column += TILE) {
      if (prune?.kind === 'n-of-m' && column % prune.m === 0) {
        this.#chooseGroups(panel, row, column, prune);
      }
      this.#products(panel, row, column, column);
      for (let r = 0; r < TILE && row + r < this.#task.N; r++) this.#settle(row + r, r, column);
    }
  }

  /** Four columns of one row. */
  #settle(row: number, r: number, column: number): void {
    const { weight, factor, grid } = this.#task;
    const { diagonal } = factor;
    const { codes, goes, losses } = this.result;
    const errors = this.#errors;
    const end = Math.min(column + TILE, this.#K);
    for (let k = column; k < end; k++) {
      const at = row * this.#K + k;
      const w = weight[at]!;
      let move = this.#sums[r * TILE + k - column]!;
      for (let j = column; j < k; j++) move += errors[at - k + j]! * factor.upper[j * this.#K + k]!;
      let kept = Math.fround(w + move);
      if (goes[at]! === 1) {
        kept = 0;
        if (grid) codes[at] = grid.zeroPoints[row * grid.blockCount + grid.blockOf[k]!]!;
      } else if (grid) {
        const block = row * grid.blockCount + grid.blockOf[k]!;
        this.#block.scale = grid.scales[block]!;
        this.#block.zeroPoint = grid.zeroPoints[block]!;
        const code = quantizeElement(grid.rule, this.#block, kept);
        codes[at] = code;
        kept = Math.fround((code - this.#block.zeroPoint) * this.#block.scale);
      }
      errors[at] = w - kept;
      losses[row]! += diagonal[k]! * (errors[at]! + move) ** 2;
    }
  }

  /** Σ over the columns before `to`. */
  #products(panel: Panel, row: number, column: number, to: number): void {
    tileProducts(this.#errors, this.#K, row, panel, column, 0, to, this.#sums);
  }

  /** Of each row's group of m columns from `column` on, those of least score go. */
  #chooseGroups(panel: Panel, row: number, column: number, rule: { n: number; m: number }): void {
    assert(rule.m % TILE === 0, `groups of ${rule.m} in whole tiles`);
    const length = Math.min(rule.m, this.#K - column);
    const moves = new Float64Array(TILE * length);
    for (let i = 0; i < length; i += TILE) {
      this.#products(panel, row, column + i, column);
      for (let r = 0; r < TILE; r++) {
        const own = this.#sums.subarray(r * TILE, r * TILE + Math.min(TILE, length - i));
        moves.set(own, r * length + i);
      }
    }
    for (let r = 0; r < TILE && row + r < this.#task.N; r++) {
      const own = moves.subarray(r * length, (r + 1) * length);
      const scores = this.#scores(row + r, column, own);
      for (const i of smallest(scores, prunedOfGroup(length, rule))) {
        this.result.goes[(row + r) * this.#K + column + i] = 1;
      }
    }
  }

  /**
   * Squares of a row's weights from `column` on, as they would become if nothing more were lost,
   * times D. Overwrites `moves`, which holds Σ e Ů over the columns before.
   */
  #scores(row: number, column: number, moves: Float64Array): Float64Array {
    const { weight, factor } = this.#task;
    const scores = new Float64Array(moves.length);
    for (let i = 0; i < moves.length; i++) {
      const at = column + i;
      for (let j = 0; j < i; j++) {
        moves[i]! -= moves[j]! * factor.upper[(column + j) * this.#K + at]!;
      }
      scores[i] = factor.diagonal[at]! * (weight[row * this.#K + at]! + moves[i]!) ** 2;
    }
    return scores;
  }

  /** Over all rows, floor(sparsity · values) of the panel's columns go. */
  *chooseFree(panel: Panel, sparsity: number): Generator<number> {
    const { first, width } = panel;
    const { N } = this.#task;
    const scores = new Float64Array(N * width);
    for (let row = 0; row < N; row += TILE) {
      const moves = new Float64Array(TILE * width);
      for (let i = 0; i < width; i += TILE) {
        this.#products(panel, row, first + i, first);
        for (let r = 0; r < TILE; r++) {
          const own = this.#sums.subarray(r * TILE, r * TILE + Math.min(TILE, width - i));
          moves.set(own, r * width + i);
        }
      }
      for (let r = 0; r < TILE && row + r < N; r++) {
        const own = moves.subarray(r * width, (r + 1) * width);
        scores.set(this.#scores(row + r, first, own), (row + r) * width);
      }
      if (row % 64 === 0) yield (first / this.#K) ** 2;
    }
    for (const i of smallest(scores, prunedOfAll(N * width, sparsity))) {
      this.result.goes[Math.floor(i / width) * this.#K + first + (i % width)] = 1;
    }
  }
}

/** Indices of the `count` smallest, of equals the earlier. */
function smallest(scores: Float64Array, count: number): number[] {
  if (count === 0) return [];
  const threshold = scores.slice().sort()[count - 1]!;
  const chosen: number[] = [];
  let ties = count - scores.reduce((sum, score) => sum + Number(score < threshold), 0);
  scores.forEach((score, i) => {
    if (score < threshold || (score === threshold && ties-- > 0)) chosen.push(i);
  });
  return chosen;
}

/** float64 [N]: each row's part of tr(E (H + λI) Eᵀ); yields as `feedback`. */
export function* layerLosses(
  errors: Float32Array,
  N: number,
  factor: UpperFactor,
): Generator<number, Float64Array<ArrayBuffer>> {
  const { K, upper, diagonal } = factor;
  const whole = new Float32Array(TILE * Math.ceil(N / TILE) * K);
  whole.set(errors);
  const losses = new Float64Array(N);
  const sums = new Float64Array(TILE * TILE);
  for (let first = 0; first < K; first += BLOCK) {
    const panel = panelOf(factor, first, Math.min(BLOCK, K - first));
    for (let row = 0; row < N; row += TILE) {
      for (let column = first; column < first + panel.width; column += TILE) {
        tileProducts(whole, K, row, panel, column, 0, column, sums);
        for (let r = 0; r < TILE && row + r < N; r++) {
          for (let k = column; k < Math.min(column + TILE, K); k++) {
            const at = (row + r) * K + k;
            let lost = whole[at]! + sums[r * TILE + k - column]!;
            for (let j = column; j < k; j++) lost += whole[at - k + j]! * upper[j * K + k]!;
            losses[row + r]! += diagonal[k]! * lost * lost;
          }
        }
      }
      if (row % 64 === 0) yield ((first + (BLOCK * row) / N) / K) ** 2;
    }
  }
  return losses;
}
