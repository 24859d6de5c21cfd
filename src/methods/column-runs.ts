/** Which columns of a matrix follow each other as neighbouring inputs. */

export interface ColumnRuns {
  /** Columns, run by run. */
  readonly order: Uint32Array;
  /** Length of each; groups of n:m pruning begin again with a run. */
  readonly runLength: number;
}

/**
 * - `inputs` — length of the axis that one output sums over, K for a plain product
 * - `isPatch` — columns are channels · taps of a picture's patches: neighbours are the channels at
 *   one tap
 */
export function columnRuns(K: number, inputs: number, isPatch: boolean): ColumnRuns {
  const taps = K / inputs;
  const order = Uint32Array.from({ length: K }, (_, at) =>
    isPatch ? (at % inputs) * taps + Math.floor(at / inputs) : at,
  );
  return { order, runLength: inputs };
}
