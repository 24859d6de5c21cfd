import { createContext } from 'react';

export interface Plan {
  readonly x: number;
  readonly words: string;
  /** "accuracy not measured". */
  readonly unknown: string;
}

/** The dry run on the chart. Beside the chart's own data, as it follows the sliders. */
export const ChartPlanContext = createContext<Plan | null>(null);
