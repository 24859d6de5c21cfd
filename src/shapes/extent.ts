/** The length of an axis: a number, a symbol, or a product of both such as `12 · batch`. */
export interface Extent {
  readonly factor: number;
  /** Sorted; empty for a plain number. */
  readonly symbols: readonly string[];
}

export const extentOf = (length: number | string): Extent =>
  typeof length === 'number' ? { factor: length, symbols: [] } : { factor: 1, symbols: [length] };

export const ONE = extentOf(1);

/** The number, or null if it is not known before a run. */
export const numberOf = ({ factor, symbols }: Extent): number | null =>
  symbols.length === 0 ? factor : null;

export const isSame = (a: Extent, b: Extent): boolean =>
  a.factor === b.factor &&
  a.symbols.length === b.symbols.length &&
  a.symbols.every((symbol, at) => symbol === b.symbols[at]);

export const times = (a: Extent, b: Extent): Extent => ({
  factor: a.factor * b.factor,
  symbols: [...a.symbols, ...b.symbols].sort(),
});

export const product = (extents: readonly Extent[]): Extent => extents.reduce(times, ONE);

/** The exact quotient; null if there is none. */
export function dividedBy(a: Extent, b: Extent): Extent | null {
  const symbols = [...a.symbols];
  for (const symbol of b.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  const factor = a.factor / b.factor;
  return Number.isInteger(factor) ? { factor, symbols } : null;
}
