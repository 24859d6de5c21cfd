/**
 * How the factors of C [M, N] = A B are stored, row-major. `NN`: [M, K], [K, N]; `NT`: B as [N, K];
 * `TN`: A as [K, M].
 */
export type Transposition = 'NN' | 'NT' | 'TN';

export interface MatmulShape {
  readonly M: number;
  readonly N: number;
  readonly K: number;
}
