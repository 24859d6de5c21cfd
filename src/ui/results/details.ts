/**
 * The tabs beside the trade-off chart, in their order. Another tab is one line here: an id for the
 * page, its label, and what it shows, which takes everything from the store.
 */
import type { ComponentType } from 'react';
import { TryTab } from '../try/try-tab.tsx';
import { CompareTab } from './compare/compare-tab.tsx';
import { OperatorsTab } from './operators/operators-tab.tsx';
import { RowsTab } from './rows/rows-tab.tsx';
import { WeightsTab } from './weights/weights-tab.tsx';

export interface Detail {
  readonly id: string;
  readonly label: string;
  readonly Body: ComponentType;
}

export const DETAILS: readonly Detail[] = [
  { id: 'compare', label: 'Compare', Body: CompareTab },
  { id: 'rows', label: 'Rows', Body: RowsTab },
  { id: 'weights', label: 'Weights', Body: WeightsTab },
  { id: 'operators', label: 'Operators', Body: OperatorsTab },
  { id: 'try', label: 'Try it', Body: TryTab },
];
