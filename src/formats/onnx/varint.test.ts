import { expect, test } from 'vitest';
import { countVarints, forEachVarint } from './varint.ts';

const encodeBigint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};

const decode = (bytes: Uint8Array): bigint[] | null => {
  const values: bigint[] = [];
  const isWhole = forEachVarint(bytes, (low, high) => {
    values.push((BigInt(high) << 32n) | BigInt(low));
  });
  return isWhole ? values : null;
};

test('every bit of an int64 arrives', () => {
  const powers = Array.from({ length: 63 }, (_, bit) => 1n << BigInt(bit));
  const values = powers.flatMap((power) => [
    power,
    power - 1n,
    -power,
    0x5555555555555555n & power,
  ]);
  const bytes = Uint8Array.from(values.flatMap(encodeBigint));
  expect(decode(bytes)).toEqual(values);
  expect(countVarints(bytes)).toBe(values.length);
});

test('padding changes nothing', () => {
  expect(decode(Uint8Array.of(0x85, 0x80, 0x80, 0x00, 0x01))).toEqual([5n, 1n]);
});

test('a cut or overlong varint is not whole', () => {
  expect(decode(Uint8Array.of(1, 0x80))).toBeNull();
  expect(decode(Uint8Array.from([...Array(10).fill(0x80), 0]))).toBeNull();
});
