/** From the stored tensors of an encoding back to what each weight is: the other way of `payloadsOf`. */
import type { QuantizedChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { assert } from '../core/assert.ts';
import { float16Value } from '../core/float16.ts';
import { elementCount } from '../core/shape.ts';
import { isSigned } from './code-offset.ts';
import type { Payloads } from './encoder.ts';
import { restoreZeros } from './kept-values.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A quantized matrix [N, K] in the file's own bytes. */
export interface StoredMatrix {
  readonly channelCount: number;
  readonly channelLength: number;
  readonly places: ChannelPlaces;
  /** Elements along K that share a scale, and how many such blocks a channel has. */
  readonly blockSize: number;
  readonly blockCount: number;
  /** Values that a block can hold, ascending codes: `(q − zeroPoint) · scale`. */
  readonly levels: (channel: number, block: number) => readonly number[];
  /** The K values of a channel: `(q − zeroPoint) · scale`, in float32. */
  readonly channel: (channel: number, into: Float32Array) => void;
}

/** @param payloads of the layout of `choice` and `shape` */
export function storedMatrix(
  choice: QuantizedChoice,
  shape: MatrixShape,
  payloads: Payloads,
): StoredMatrix {
  const { K } = shape;
  const { bits } = choice;
  const blockSize = choice.blockSize === 'channel' ? K : choice.blockSize;
  const blockCount = Math.ceil(K / blockSize);
  const scale = scalesOf(choice, shape, blockCount, payloads);
  const zero = zerosOf(choice, shape, blockCount, payloads);
  const codes = codesOf(choice, shape, restoreZeros(choice, shape, payloads));
  return {
    channelCount: shape.N,
    channelLength: K,
    places: channelPlaces(shape),
    blockSize,
    blockCount,
    levels: (channel, block) =>
      Array.from({ length: 2 ** bits }, (_, q) =>
        Math.fround((q - zero(channel, block)) * scale(channel, block)),
      ),
    channel: (channel, into) => {
      for (let block = 0; block < blockCount; block++) {
        const step = scale(channel, block);
        const offset = zero(channel, block);
        const end = Math.min(K, (block + 1) * blockSize);
        for (let k = block * blockSize; k < end; k++) into[k] = (codes(channel, k) - offset) * step;
      }
    },
  };
}

/** Where the K elements of a channel are in the constant: `start(channel) + of[k]`. */
export interface ChannelPlaces {
  readonly start: (channel: number) => number;
  readonly of: Int32Array;
}

function channelPlaces(shape: MatrixShape): ChannelPlaces {
  const { K, N, transposed, dims, perm, channelAxis } = shape;
  if (perm === null) {
    const step = transposed ? 1 : N;
    return {
      start: (channel) => channel * (transposed ? K : 1),
      of: Int32Array.from({ length: K }, (_, k) => k * step),
    };
  }
  const inner = elementCount(dims.slice(channelAxis + 1));
  const row = (dims[channelAxis] ?? 1) * inner;
  return {
    start: (channel) => channel * inner,
    of: Int32Array.from({ length: K }, (_, k) => Math.floor(k / inner) * row + (k % inner)),
  };
}

type At = (channel: number, index: number) => number;

/** Unsigned, with the offset of 2^(bits − 1) where levels are centred on zero. */
function codesOf(choice: QuantizedChoice, shape: MatrixShape, { codes }: Payloads): At {
  const { bits, packing, encoding } = choice;
  const { K, N } = shape;
  assert(codes, `${encoding} stores codes`);
  const mask = 2 ** bits - 1;
  const turn = isSigned(choice) ? 2 ** (bits - 1) : 0;
  const field = (bit: number) => (((codes[bit >> 3] ?? 0) >> (bit & 7)) & mask) ^ turn;
  if (encoding === 'dequantize-linear') {
    const places = channelPlaces(shape);
    // Of up to 2^26 elements: bits of them are below 2^31.
    return (channel, k) => field((places.start(channel) + (places.of[k] ?? 0)) * bits);
  }
  if (packing === 'columns') {
    const perByte = 8 / bits;
    return (channel, k) => {
      const byte = codes[Math.floor(k / perByte) * N + channel] ?? 0;
      return ((byte >> ((k % perByte) * bits)) & mask) ^ turn;
    };
  }
  const rowBytes = codes.length / N;
  assert(rowBytes * 8 >= K * bits && Number.isInteger(rowBytes), `${encoding} stores whole rows`);
  return (channel, k) => {
    const bit = k * bits;
    return (((codes[channel * rowBytes + (bit >> 3)] ?? 0) >> (bit & 7)) & mask) ^ turn;
  };
}

function scalesOf(
  { scaleType, packing }: QuantizedChoice,
  { N }: MatrixShape,
  blocks: number,
  { scales }: Payloads,
): At {
  assert(scales, 'quantized weights have scales');
  const view = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
  const place = placeOf(packing, N, blocks);
  if (scaleType === 'float32') return (n, block) => view.getFloat32(4 * place(n, block), true);
  return (n, block) => float16Value(view.getUint16(2 * place(n, block), true));
}

function zerosOf(
  { bits, packing, symmetric, encoding }: QuantizedChoice,
  { N }: MatrixShape,
  blocks: number,
  { zeroPoints }: Payloads,
): At {
  if (symmetric || !zeroPoints) return () => 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  const place = placeOf(packing, N, blocks);
  const field = (bytes: Bytes, bit: number) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & mask;
  switch (encoding) {
    case 'dequantize-linear':
      return (n, block) => field(zeroPoints, place(n, block) * bits);
    case 'packed-rows':
    case 'tied-blocks':
    case 'blocks-to-uint8':
      return (n, block) => zeroPoints[place(n, block)] ?? 0;
    default: {
      if (packing === 'columns') return (n, block) => zeroPoints[place(n, block)] ?? 0;
      const rowBits = 8 * Math.ceil((blocks * bits) / 8);
      return (n, block) => field(zeroPoints, n * rowBits + block * bits);
    }
  }
}

/** [blocks, N] for `columns`, else [N, blocks]. */
const placeOf = (packing: QuantizedChoice['packing'], N: number, blocks: number): At =>
  packing === 'columns' ? (n, block) => block * N + n : (n, block) => n * blocks + block;
