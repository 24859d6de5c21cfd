/**
 * The one loop that factorizing spends its time in, in WebAssembly: two float64 at a time, eight pairs in
 * registers. JavaScript has one at a time and registers for half as many.
 */
import { assert } from '../core/assert.ts';

/** Rows and columns of a block; float64, column by column: [row, column] at column · SIDE + row. */
export const SIDE = 64;
export const BLOCK_BYTES = 8 * SIDE * SIDE;

/** Takes P · Qᵀ from C; all are blocks of `memory`, by the bytes before them. */
export type SubtractProduct = (c: number, p: number, q: number) => void;

export function blockProduct(memory: WebAssembly.Memory): SubtractProduct {
  compiled ??= new WebAssembly.Module(module());
  const { subtract } = new WebAssembly.Instance(compiled, { own: { memory } }).exports;
  assert(typeof subtract === 'function', 'the module exports it');
  return subtract as SubtractProduct;
}

let compiled: WebAssembly.Module | null = null;

type Code = readonly number[];

const COLUMN = 8 * SIDE;
/** Rows and columns of C that are held in registers. */
const TILE = 4;

/** Indices of parameters and locals: addresses, then vectors. */
const [C, P, Q, ROW, COLUMN_AT, OUT, X_AT, Y_AT, END] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
const ADDRESSES = 6;
const SUMS = 9;
const [X0, X1, Y] = [17, 18, 19] as const;
const VECTORS = 11;

const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const constant = (value: number): Code => [0x41, ...signed(value)];
const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
const times = (a: Code, factor: number): Code => [...a, ...constant(factor), 0x6c];
const load = (at: Code, offset: number): Code => [...at, 0xfd, 0x00, 3, ...unsigned(offset)];
const splat = (at: Code, offset: number): Code => [...at, 0xfd, 0x0a, 3, ...unsigned(offset)];
const store = (at: Code, offset: number, value: Code): Code => [
  ...[...at, ...value],
  ...[0xfd, 0x0b, 3, ...unsigned(offset)],
];
const minusProduct = (sum: number, x: number, y: number): Code =>
  set(sum, [...get(sum), ...get(x), ...get(y), 0xfd, 0xf2, 0x01, 0xfd, 0xf1, 0x01]);

/** `body` until `local`, which it moves on, is `end`. */
const until = (local: number, end: Code, body: Code): Code => [
  ...[0x03, 0x40, ...body],
  ...[...get(local), ...end, 0x47, 0x0d, 0x00, 0x0b],
];
const moveOn = (local: number, by: number): Code => set(local, add(get(local), constant(by)));

/** The columns of a tile, two pairs of rows in each. */
const everySum = (of: (sum: number, column: number, half: number) => Code): Code =>
  Array.from({ length: 2 * TILE }, (_, at) => of(SUMS + at, at >> 1, at % 2)).flat();

const FUNCTION: Code = [
  ...set(ROW, constant(0)),
  ...until(ROW, constant(SIDE), [
    ...set(COLUMN_AT, constant(0)),
    ...until(COLUMN_AT, constant(SIDE), [
      ...set(OUT, add(get(C), add(times(get(ROW), 8), times(get(COLUMN_AT), COLUMN)))),
      ...everySum((sum, column, half) => set(sum, load(get(OUT), column * COLUMN + 16 * half))),
      ...set(X_AT, add(get(P), times(get(ROW), 8))),
      ...set(Y_AT, add(get(Q), times(get(COLUMN_AT), 8))),
      ...set(END, add(get(X_AT), constant(SIDE * COLUMN))),
      ...until(X_AT, get(END), [
        ...set(X0, load(get(X_AT), 0)),
        ...set(X1, load(get(X_AT), 16)),
        ...everySum((sum, column, half) => [
          ...(half === 0 ? set(Y, splat(get(Y_AT), 8 * column)) : []),
          ...minusProduct(sum, half === 0 ? X0 : X1, Y),
        ]),
        ...moveOn(X_AT, COLUMN),
        ...moveOn(Y_AT, COLUMN),
      ]),
      ...everySum((sum, column, half) => store(get(OUT), column * COLUMN + 16 * half, get(sum))),
      ...moveOn(COLUMN_AT, TILE),
    ]),
    ...moveOn(ROW, TILE),
  ]),
];

/** @see https://webassembly.github.io/spec/core/binary/modules.html */
function module(): Uint8Array<ArrayBuffer> {
  const [I32, V128, FUNC] = [0x7f, 0x7b, 0x60];
  const body = [2, ADDRESSES, I32, VECTORS, V128, ...FUNCTION, 0x0b];
  return Uint8Array.of(
    ...[...text('\0asm').slice(1), 1, 0, 0, 0],
    ...section(1, [1, FUNC, 3, I32, I32, I32, 0]),
    ...section(2, [1, ...text('own'), ...text('memory'), 0x02, 0x00, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('subtract'), 0x00, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  );
}

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];

const text = (words: string): Code =>
  [words.length, ...words].map((it) => (typeof it === 'string' ? it.charCodeAt(0) : it));

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

function signed(value: number): Code {
  return value < 64 ? [value] : [(value % 128) + 128, ...signed(Math.floor(value / 128))];
}
