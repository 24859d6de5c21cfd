/** Puts the results of tiles together to what the spec promises. */
import {
  type ErrorStatistics,
  type Quantized,
  type QuantizeSpec,
  quantizedLayout,
} from '../core/quantize-spec.ts';
import type { Faults } from './quantize-job.ts';
import type { TileOutput } from './rtn-device.ts';
import type { Tile } from './rtn-tiles.ts';

interface RowCopy {
  readonly rows: number;
  readonly length: number;
  readonly from: number;
  readonly fromStride: number;
  readonly to: number;
  readonly toStride: number;
}

export class RtnResult {
  readonly #spec: QuantizeSpec;
  readonly #blockCount: number;
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #scales: Uint8Array<ArrayBuffer>;
  /** One byte each, in the order of the scales. */
  readonly #zeroPoints: Uint8Array<ArrayBuffer>;
  #errors: ErrorStatistics = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
  #faults: Faults = { nonFiniteBlocks: 0, overflowingScales: 0 };

  constructor(spec: QuantizeSpec) {
    const { blockCount, codesByteLength, scalesByteLength } = quantizedLayout(spec);
    this.#spec = spec;
    this.#blockCount = blockCount;
    this.#codes = new Uint8Array(codesByteLength);
    this.#scales = new Uint8Array(scalesByteLength);
    this.#zeroPoints = new Uint8Array(spec.symmetric ? 0 : spec.N * blockCount);
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** `readBack` — the bytes that `output` describes */
  add(tile: Tile, output: TileOutput, readBack: ArrayBuffer): void {
    const bytes = new Uint8Array(readBack);
    this.#addCodes(tile, bytes.subarray(output.codes, output.byteLength));
    if (tile.does.returnsScales) {
      const scaleBytes = this.#spec.scaleType === 'float16' ? 2 : 4;
      this.#addBlocks(tile, bytes.subarray(output.scales), this.#scales, scaleBytes);
      if (!this.#spec.symmetric) {
        this.#addBlocks(tile, bytes.subarray(output.zeroPoints), this.#zeroPoints, 1);
      }
      const [nonFinite = 0, overflowing = 0] = new Uint32Array(readBack, output.faults, 2);
      this.#faults = {
        nonFiniteBlocks: this.#faults.nonFiniteBlocks + nonFinite,
        overflowingScales: this.#faults.overflowingScales + overflowing,
      };
    }
    this.#addErrors(new Float32Array(readBack, output.sums, 4 * output.sumCount));
  }

  finish(): Quantized {
    return {
      codes: this.#codes,
      scales: this.#scales,
      zeroPoints: this.#spec.symmetric ? null : this.#packedZeroPoints(),
      errors: this.#errors,
    };
  }

  #addCodes(tile: Tile, codes: Uint8Array): void {
    const { bits, N, packing } = this.#spec;
    const firstByte = (tile.firstRow * bits) / 8;
    const tileBytes = (tile.rows * bits) / 8;
    const rowBytes = this.#codes.length / N;
    const length = Math.min(tileBytes, rowBytes - firstByte);
    if (packing === 'columns') {
      copyRows(codes, this.#codes, {
        ...{ rows: length, length: tile.validColumns, from: 0, fromStride: tile.columns },
        ...{ to: firstByte * N + tile.firstColumn, toStride: N },
      });
    } else {
      copyRows(codes, this.#codes, {
        ...{ rows: tile.validColumns, length, from: 0, fromStride: tileBytes },
        ...{ to: tile.firstColumn * rowBytes + firstByte, toStride: rowBytes },
      });
    }
  }

  /** Scales or zero points of `width` bytes. */
  #addBlocks(tile: Tile, from: Uint8Array, to: Uint8Array, width: number): void {
    const { N, packing } = this.#spec;
    const firstBlock = this.#firstBlock(tile);
    const blocks = tile.blockCount;
    if (packing === 'columns') {
      copyRows(from, to, {
        ...{ rows: blocks, length: width * tile.validColumns },
        ...{ from: 0, fromStride: width * tile.columns },
        ...{ to: width * (firstBlock * N + tile.firstColumn), toStride: width * N },
      });
    } else {
      copyRows(from, to, {
        ...{ rows: tile.validColumns, length: width * blocks },
        ...{ from: 0, fromStride: width * tile.blockCount },
        ...{
          to: width * (tile.firstColumn * this.#blockCount + firstBlock),
          toStride: width * this.#blockCount,
        },
      });
    }
  }

  #firstBlock({ firstRow, blockSize }: Tile): number {
    return this.#spec.blockSize === 'channel' ? 0 : firstRow / blockSize;
  }

  #addErrors(sums: Float32Array): void {
    let { sumSquares, sumSquaredError, maxAbsError } = this.#errors;
    for (let i = 0; i < sums.length; i += 4) {
      sumSquares += sums[i] as number;
      sumSquaredError += sums[i + 1] as number;
      maxAbsError = Math.max(maxAbsError, sums[i + 2] as number);
    }
    this.#errors = { sumSquares, sumSquaredError, maxAbsError };
  }

  #packedZeroPoints(): Uint8Array<ArrayBuffer> {
    const { bits, N, packing } = this.#spec;
    if (packing === 'columns' || bits === 8) return this.#zeroPoints;
    const per = 8 / bits;
    const rowBytes = Math.ceil(this.#blockCount / per);
    const packed = new Uint8Array(N * rowBytes);
    for (let n = 0; n < N; n++) {
      for (let b = 0; b < rowBytes * per; b++) {
        // ONNX Runtime fills the unused fields of a row's last byte with the middle code.
        const inside = b < this.#blockCount;
        const zeroPoint = inside ? this.#zeroPoints[n * this.#blockCount + b] : 2 ** (bits - 1);
        const at = n * rowBytes + Math.floor(b / per);
        packed[at] = (packed[at] as number) | ((zeroPoint as number) << (bits * (b % per)));
      }
    }
    return packed;
  }
}

function copyRows(source: Uint8Array, target: Uint8Array, copy: RowCopy): void {
  const { rows, length, from, fromStride, to, toStride } = copy;
  if (length === fromStride && length === toStride) {
    target.set(source.subarray(from, from + rows * length), to);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const start = from + row * fromStride;
    target.set(source.subarray(start, start + length), to + row * toStride);
  }
}
