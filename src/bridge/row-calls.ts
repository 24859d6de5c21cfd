/** What the page asks the desk about rows of the evaluation set. */
import type { PairedScore, RowAnswers, RowPreview } from '../report/rows.ts';

export interface RowCalls {
  /** What evaluation rows look like, at most 200 at once. */
  rows: {
    args: [modelId: string, indexes: readonly number[]];
    result: readonly RowPreview[];
    progress: never;
  };
  /** Index of the right class (or the right number) of every evaluation row; null without labels. */
  rowLabels: { args: [modelId: string]; result: readonly number[] | null; progress: never };
  /** The task's metric of B minus A on the rows that both answered; null where it cannot be told. */
  compareRows: {
    args: [modelId: string, a: RowAnswers, b: RowAnswers];
    result: PairedScore | null;
    progress: never;
  };
}
