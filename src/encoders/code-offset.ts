import type { QuantizedChoice } from '../catalog/encodings.ts';

/** Symmetric codes that are stored as two's complement; the others carry 2^(bits − 1). */
export const isSigned = ({ symmetric, encoding, bits, activation }: QuantizedChoice): boolean =>
  symmetric &&
  (encoding === 'dequantize-linear' ||
    (encoding === 'static-int8' && activation?.signed === true) ||
    encoding === 'int8-rows' ||
    (encoding === 'packed-rows' && bits === 8));

/** What stands for 0 among the stored codes of a symmetric choice. */
export const zeroCode = (choice: QuantizedChoice): number =>
  isSigned(choice) ? 0 : 2 ** (choice.bits - 1);
