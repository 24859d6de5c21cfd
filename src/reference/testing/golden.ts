/** Golden cases as quantization specs; for tests only. The format stands in `golden/make/goldenio.py`. */
import { assert } from '../../core/assert.ts';
import { widenFloat16 } from '../../core/float16.ts';
import type { QuantizeSpec } from '../../core/quantize-spec.ts';
import { elementCount } from '../../core/shape.ts';

interface CaseFile {
  readonly arrays: Readonly<
    Record<string, { dtype: string; shape: readonly number[]; offset: number; byteLength: number }>
  >;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expect: GoldenExpectation;
}

/** `variants`: several results on the same arrays. */
export interface GoldenExpectation {
  readonly variants?: readonly Readonly<Record<string, number | string | readonly number[]>>[];
  readonly [key: string]: unknown;
}

export interface GoldenArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface GoldenCase {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, GoldenArray>>;
  readonly expect: GoldenExpectation;
}

/** A weight with the bytes that the reference tool made of it. */
export interface QuantizeCase {
  readonly name: string;
  readonly spec: QuantizeSpec;
  readonly weight: Float32Array<ArrayBuffer>;
  readonly codes: Uint8Array;
  readonly scales: Uint8Array;
  readonly zeroPoints: Uint8Array | null;
  /** Only the reference does ONNX Runtime's `reduce_range`. */
  readonly reducedRange: boolean;
}

const metas = import.meta.glob<CaseFile>(
  ['../../../golden/*/*.json', '!../../../golden/{onnx,make}/*'],
  {
    import: 'default',
    eager: true,
  },
);
const bins = import.meta.glob<string>(
  ['../../../golden/*/*.bin', '!../../../golden/{onnx,make}/*'],
  {
    query: '?url&inline',
    import: 'default',
    eager: true,
  },
);

/** Cases of `topic` whose name starts with `prefix`; throws if there are none. */
export function goldenCases(topic: string, prefix: string): GoldenCase[] {
  const found = Object.entries(metas)
    .filter(([path]) => path.includes(`/${topic}/${prefix}`))
    .map(([path, meta]) => {
      const url = bins[path.replace(/json$/, 'bin')];
      assert(url, `${path} has a .bin beside it`);
      const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (c) => c.charCodeAt(0));
      const arrays = Object.entries(meta.arrays).map(
        ([name, { dtype, shape, offset, byteLength }]) => [
          name,
          { dtype, shape, bytes: bytes.slice(offset, offset + byteLength) },
        ],
      );
      return {
        name: path.replace(/.*\/(.*)\.json$/, '$1'),
        params: meta.params,
        expect: meta.expect,
        arrays: Object.fromEntries(arrays),
      };
    });
  assert(found.length > 0, `golden/${topic}/${prefix}* exists`);
  return found;
}

export function float32Of({ dtype, bytes }: GoldenArray): Float32Array<ArrayBuffer> {
  if (dtype === 'float32') return new Float32Array(bytes.buffer);
  assert(dtype === 'float16', `a float array, not ${dtype}`);
  const words = new Uint32Array(bytes.length / 2);
  widenFloat16(new Uint16Array(bytes.buffer), words);
  return new Float32Array(words.buffer);
}

export function float64Of({ dtype, bytes }: GoldenArray): Float64Array<ArrayBuffer> {
  assert(dtype === 'float64', `a float64 array, not ${dtype}`);
  return new Float64Array(bytes.buffer);
}

/** `nbits/default_*`: MatMulNBits weights. */
export const nbitsCases = (): QuantizeCase[] =>
  goldenCases('nbits', 'default_').map(({ name, params, arrays }) => ({
    name,
    spec: {
      rule: 'matmul-nbits',
      bits: params['bits'] as 2 | 4 | 8,
      blockSize: params['block_size'] as number,
      symmetric: params['symmetric'] as boolean,
      scaleType: arrays['scales']!.dtype as 'float32' | 'float16',
      K: params['K'] as number,
      N: params['N'] as number,
      transposed: false,
      packing: 'blocks',
    },
    weight: float32Of(arrays['weight']!),
    codes: arrays['B']!.bytes,
    scales: arrays['scales']!.bytes,
    zeroPoints: arrays['zero_points']?.bytes ?? null,
    reducedRange: false,
  }));

/** `nbits/qdq_channel_*`: the same rule over whole channels, codes signed if symmetric. */
export const channelCases = (): QuantizeCase[] =>
  goldenCases('nbits', 'qdq_channel_').map(({ name, params, arrays }) => ({
    name,
    spec: {
      rule: 'matmul-nbits',
      bits: 4,
      blockSize: 'channel',
      symmetric: params['symmetric'] as boolean,
      scaleType: 'float32',
      K: params['K'] as number,
      N: params['N'] as number,
      transposed: false,
      packing: 'columns',
    },
    weight: float32Of(arrays['weight']!),
    codes: arrays['codes']!.bytes,
    scales: arrays['scales']!.bytes,
    zeroPoints: arrays['zero_points']?.bytes ?? null,
    reducedRange: false,
  }));

/** `blocked-dq/gather_b4_*`: embedding tables; signed nibbles if symmetric, zero points packed flat. */
export const gatherCases = (): QuantizeCase[] =>
  goldenCases('blocked-dq', 'gather_b4_').map(({ name, params, arrays }) => {
    const symmetric = params['symmetric'] as boolean;
    const K = params['D'] as number;
    const N = params['V'] as number;
    const blockSize = params['block_size'] as number;
    const flat = arrays['zero_points']?.bytes;
    return {
      name,
      spec: {
        ...{ rule: 'gather', bits: 4, blockSize, symmetric, scaleType: 'float32', K, N },
        ...{ transposed: true, packing: 'rows' },
      },
      weight: float32Of(arrays['table']!),
      codes: arrays['packed']!.bytes.map((byte) => (symmetric ? byte ^ 0x88 : byte)),
      scales: arrays['scales']!.bytes,
      zeroPoints: flat ? alignRows(flat, N, Math.ceil(K / blockSize)) : null,
      reducedRange: false,
    };
  });

/** Nibbles [rows, count] packed without gaps → rows that start on a byte, filled with 8. */
function alignRows(flat: Uint8Array, rows: number, count: number): Uint8Array {
  const rowBytes = Math.ceil(count / 2);
  const aligned = new Uint8Array(rows * rowBytes);
  for (let i = 0; i < rows * rowBytes * 2; i++) {
    const column = i % (rowBytes * 2);
    const j = Math.floor(i / (rowBytes * 2)) * count + column;
    const nibble = column < count ? (flat[j >> 1]! >> (4 * (j & 1))) & 15 : 8;
    aligned[i >> 1]! |= nibble << (4 * (i & 1));
  }
  return aligned;
}

/** `int8/dynamic_*`: per channel or, as one channel, per tensor. Signed codes are moved by 128. */
export const int8Cases = (): QuantizeCase[] =>
  goldenCases('int8', 'dynamic_').map(({ name, params, arrays }) => {
    const signed = params['weight_type'] === 'QInt8';
    const scale = arrays['scale']!;
    const perChannel = elementCount(scale.shape) > 1;
    const weight = arrays['weight']!;
    const q = arrays['q']!;
    // A transposed result means that Gemm's [N, K] weight was turned to MatMul's [K, N].
    const [K = 0, N = 0] = perChannel ? q.shape : [elementCount(weight.shape), 1];
    const transposed = perChannel && q.shape.join() !== weight.shape.join();
    const unsign = (bytes: Uint8Array) => bytes.map((byte) => (signed ? byte ^ 0x80 : byte));
    return {
      name,
      spec: {
        ...{ rule: 'int8', bits: 8, blockSize: 'channel', symmetric: signed },
        ...{ scaleType: 'float32', K, N, transposed, packing: 'columns' },
      },
      weight: float32Of(weight),
      codes: unsign(perChannel || q.shape.join() === weight.shape.join() ? q.bytes : turn(q)),
      scales: scale.bytes,
      zeroPoints: signed ? null : arrays['zero_point']!.bytes,
      reducedRange: params['reduce_range'] as boolean,
    };
  });

function turn({ bytes, shape: [rows = 0, columns = 0] }: GoldenArray): Uint8Array {
  return bytes.map((_, i) => bytes[(i % rows) * columns + Math.floor(i / rows)]!);
}
