/** From what a layer was given to the factor that error feedback walks along. */
import { allFinite } from '../core/all-finite.ts';
import { assert } from '../core/assert.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';
import { blockedFactor } from './blocked-factor.ts';
import { drive } from './drive.ts';

export interface LayerInputs {
  readonly K: number;
  /** Input vectors seen. */
  readonly count: number;
  /** float32 [K, K]: XᵀX. */
  readonly gram: Float32Array;
}

export interface FactorOptions {
  /** λ as a share of the mean of the diagonal of XᵀX over inputs that are not always 0. */
  readonly damping: number;
  /** Columns in the order to walk: of Σx², largest first, or as given. */
  readonly order: 'activation' | Uint32Array;
}

export interface LayerFactor {
  readonly factor: UpperFactor;
  readonly order: Uint32Array;
  /** float64 [K], in that order: what was added to the diagonal. */
  readonly shift: Float64Array;
  /** What the person should know of these statistics. */
  readonly remarks: readonly string[];
}

/** Statistics that no damping makes use of. */
export interface NoFactor {
  readonly refused: string;
}

const MOST_DAMPING = 10;
/** Enough for a pivot, too little to count. */
const DEAD = 2 ** -40;

interface Found {
  readonly key: string;
  readonly found: LayerFactor;
}

/**
 * Weights that share an input follow each other, so the last factor is often the next one. One is
 * kept, and goes with the statistics that it is of.
 */
let last = new WeakMap<Float32Array, Found>();

/**
 * An input that is always 0 says nothing: its weights lose their tie to all others, so that they
 * are rounded by themselves and pruned first. Where the matrix has no factor at this damping, ten times as
 * much is tried, up to ten times the mean.
 * @throws the signal's reason when it aborts
 */
export async function layerFactor(
  { K, count, gram }: LayerInputs,
  { damping, order: wanted }: FactorOptions,
  signal: AbortSignal,
): Promise<LayerFactor | NoFactor> {
  assert(gram.length === K * K, `a Gram matrix of ${K} inputs`);
  const key = `${damping} ${count} ${wanted}`;
  const known = last.get(gram);
  if (known?.key === key) return known.found;

  const diagonal = Float64Array.from({ length: K }, (_, k) => gram[k * (K + 1)] as number);
  if (!allFinite(gram) || diagonal.some((value) => value < 0)) {
    return { refused: 'what it was given is not finite' };
  }
  const live = diagonal.filter((value) => value > 0);
  if (live.length === 0) return { refused: 'all that it was given is 0' };
  const mean = live.reduce((sum, value) => sum + value, 0) / live.length;
  const order = wanted === 'activation' ? descending(diagonal) : wanted;
  for (let own = damping; own <= MOST_DAMPING; own = Math.max(10 * own, 1e-3)) {
    const shift = diagonal.map((value) => (value > 0 ? own * mean : DEAD * mean));
    const factor = await drive(blockedFactor({ K, gram, shift, order }), signal);
    if (!factor) continue;
    const found = {
      ...{ factor, order },
      shift: Float64Array.from(order, (k) => shift[k] as number),
      remarks: remarksOn(K, count, K - live.length, own === damping ? null : own),
    };
    last = new WeakMap([[gram, { key, found }]]);
    return found;
  }
  return { refused: `its statistics have no factor even at damping ${MOST_DAMPING}` };
}

/** Of equals the earlier first. */
const descending = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values.keys()).sort(
    (i, j) => (values[j] as number) - (values[i] as number) || i - j,
  );

function remarksOn(K: number, count: number, dead: number, raised: number | null): string[] {
  const remarks: string[] = [];
  if (count < K) {
    remarks.push(`${count} calibration vectors for ${K} inputs: damping decides what they do not`);
  }
  if (dead > 0) remarks.push(`${dead} of ${K} inputs are always 0`);
  if (raised !== null) remarks.push(`damping raised to ${Number(raised.toPrecision(2))}`);
  return remarks;
}
