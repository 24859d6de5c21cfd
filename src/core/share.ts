import { assert } from './assert.ts';

/**
 * floor(share · count / divisor), exactly. `share` is read as the decimal that it prints as: 0.9 is
 * nine tenths and not the double below it, so that 0.9 of 10 are 9, and 0.3 of 10 are 3.
 * - `share`          — in [0, 1]
 * - `count, divisor` — integers below 2^53, `divisor` positive
 */
export function floorOfShare(share: number, count: number, divisor = 1): number {
  assert(share >= 0 && share <= 1, `a share of ${share}`);
  assert(Number.isSafeInteger(count) && Number.isSafeInteger(divisor), 'whole numbers');
  const [digits = '', exponent = '0'] = share.toString().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const places = fraction.length - Number(exponent);
  const numerator = BigInt(whole + fraction) * BigInt(count);
  return Number(numerator / (10n ** BigInt(places) * BigInt(divisor)));
}
