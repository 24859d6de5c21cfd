import { createContext } from 'react';

export interface ChartPair {
  readonly a: string | null;
  readonly b: string | null;
}

/** The runs that are A and B. Beside the chart's own data: choosing draws two rings, not all again. */
export const ChartPairContext = createContext<ChartPair>({ a: null, b: null });
