/** What a compression has come to so far: in memory little, on the disk what can be resumed. */
import { layoutBytes } from '../catalog/encoding-layout.ts';
import type { Split } from '../core/factorize-spec.ts';
import type { Spectrum } from '../methods/allocate-ranks.ts';
import type { Factors } from '../methods/factorize.ts';
import { payloadKey } from '../model/edit.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { WeightRow } from '../report/report.ts';
import type { FinishedWeights, StoredWeight } from '../storage/finished-weights.ts';
import type { CompressedWeight } from './weight-context.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Weights on their way to the disk, so that small ones do not wait for each other. */
const MOST_WRITES = 8;
/** The browser may page larger ones out of memory, as Blobs. */
const SMALL_BYTES = 2 ** 16;
/** Factors lie beside the weights; their lengths tell if a weight should have such a name. */
const FACTORS = '\0factors\0';
const spectrumKey = (name: string, split: Split) => `\0spectrum ${split}\0${name}`;

/** Ranks that depend on values are found before the plan is exact; the factors are kept till then. */
interface FoundFactors extends Omit<Factors, 'a' | 'b'> {
  readonly a: Blob;
  readonly b: Blob;
}

export class FinishedWork {
  readonly payloads = new Map<string, Blob | Bytes>();
  readonly rows = new Map<string, WeightRow>();
  /** What computed it, each once. */
  readonly devices = new Set<string>();
  readonly #finished: FinishedWeights | null;
  readonly #factors = new Map<string, FoundFactors>();
  readonly #writes = new Set<Promise<void>>();

  constructor(finished: FinishedWeights | null) {
    this.#finished = finished;
  }

  /** The row of a weight that is finished, here or by an earlier call; null if it is to be done. */
  async restore({ weight, parts }: PlannedWeight): Promise<WeightRow | null> {
    const { name } = weight;
    const specs = parts.flatMap(({ tensors }) => Object.values(tensors));
    const row = this.rows.get(name);
    if (row && specs.every((spec) => this.payloads.has(payloadKey(spec)))) return row;
    const stored = this.#finished?.has(name) ? await this.#finished.get(name) : null;
    if (!stored) return null;
    const isWhole = specs.every(
      (spec) => stored.payloads.get(payloadKey(spec))?.byteLength === layoutBytes(spec),
    );
    if (!isWhole) return null;
    this.#add(name, stored.payloads, stored.row, stored.device);
    return stored.row;
  }

  async add({ payloads }: CompressedWeight, row: WeightRow, device: string): Promise<void> {
    await this.#keep(row.name, { payloads, row, device });
    this.#add(row.name, payloads, row, device);
  }

  /** `factors` — null if no rank serves; `row` — of the weight as it is */
  async addFactors(factors: Factors | null, row: WeightRow, device: string): Promise<void> {
    const payloads = new Map<string, Bytes>();
    const own = factors?.note ? { ...row, note: factors.note } : row;
    if (factors) {
      const { a, b, rank, errors, note } = factors;
      payloads.set('a', new Uint8Array(a.buffer)).set('b', new Uint8Array(b.buffer));
      this.#factors.set(row.name, { rank, errors, note, a: new Blob([a]), b: new Blob([b]) });
    }
    await this.#keep(`${FACTORS}${row.name}`, { payloads, row: own, device });
  }

  async addSpectrum(
    spectrum: Spectrum,
    split: Split,
    row: WeightRow,
    device: string,
  ): Promise<void> {
    const { K, N, total, energies } = spectrum;
    const values = Float64Array.of(K, N, total, ...energies);
    const payloads = new Map([['energies', new Uint8Array(values.buffer)]]);
    await this.#keep(spectrumKey(row.name, split), { payloads, row, device });
  }

  /** What an earlier call found; null if it is to be found. */
  async restoreSpectrum({ weight }: PlannedWeight, split: Split): Promise<Spectrum | null> {
    const key = spectrumKey(weight.name, split);
    const stored = this.#finished?.has(key) ? await this.#finished.get(key) : null;
    const bytes = stored?.payloads.get('energies');
    if (!bytes || bytes.byteLength % 8 !== 0) return null;
    const [K = 0, N = 0, total = 0, ...energies] = new Float64Array(bytes.slice().buffer);
    return { K, N, total, energies: Float64Array.from(energies) };
  }

  /** The rank that an earlier call found, 0 if none served; null if it is to be found. */
  async restoreFactors({ weight, view }: PlannedWeight): Promise<number | null> {
    const key = `${FACTORS}${weight.name}`;
    const stored = this.#finished?.has(key) ? await this.#finished.get(key) : null;
    if (!stored) return null;
    if (stored.payloads.size === 0) return 0;
    const [a, b] = [stored.payloads.get('a'), stored.payloads.get('b')];
    if (!a || !b) return null;
    const rank = (a.byteLength + b.byteLength) / 4 / (view.K + view.N);
    const rows = view.transposed ? view.N : view.K;
    if (!Number.isInteger(rank) || a.byteLength !== 4 * rank * rows) return null;
    const errors = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 }; // taken from the product
    this.#factors.set(weight.name, {
      rank,
      errors,
      note: stored.row.note ?? null,
      a: new Blob([a]),
      b: new Blob([b]),
    });
    return rank;
  }

  async factors(name: string): Promise<Factors | null> {
    const found = this.#factors.get(name);
    if (!found) return null;
    const [a, b] = await Promise.all([found.a.arrayBuffer(), found.b.arrayBuffer()]);
    return { ...found, a: new Float32Array(a), b: new Float32Array(b) };
  }

  /** Waits until nothing is on its way to the disk any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }

  /** Waits until all that was added is kept. @throws what keeping it threw */
  async kept(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async #keep(key: string, weight: StoredWeight): Promise<void> {
    if (!this.#finished) return;
    const write = this.#finished.put(key, weight);
    this.#writes.add(write);
    write.then(
      () => this.#writes.delete(write),
      () => {}, // stays, for whoever waits next
    );
    if (this.#writes.size >= MOST_WRITES) await Promise.race(this.#writes);
  }

  #add(name: string, payloads: ReadonlyMap<string, Bytes>, row: WeightRow, device: string): void {
    for (const [key, bytes] of payloads) {
      this.payloads.set(key, bytes.byteLength > SMALL_BYTES ? new Blob([bytes]) : bytes);
    }
    this.rows.set(name, row);
    this.devices.add(device);
    this.#factors.delete(name);
  }
}
