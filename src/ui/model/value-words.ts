import { formatNumber } from '../../report/format.ts';

/** Two significant decimals, or powers of ten where those would say 0. */
export const valueWords = (value: number): string =>
  value !== 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1e5)
    ? value.toExponential(1).replaceAll('-', '−')
    : formatNumber(value, 2);
