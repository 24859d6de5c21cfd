/** Which weights of a run lost most of themselves. */
import type { WeightSummary } from '../../../report/model-summary.ts';
import type { WeightRow } from '../../../report/report.ts';

export interface HardWeight {
  readonly weight: WeightSummary;
  readonly row: WeightRow;
  readonly sqnrDb: number;
}

const MOST = 5;

/** Those with the lowest SQNR first; of equal ones the larger. None that was left alone or failed. */
export function hardestOf(
  rows: readonly WeightRow[],
  weights: readonly WeightSummary[],
): readonly HardWeight[] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  return rows
    .flatMap((row): HardWeight[] => {
      const { name, technique, failed, sqnrDb } = row;
      const weight = byName.get(name);
      if (!weight || technique === null || failed || sqnrDb === null) return [];
      return Number.isFinite(sqnrDb) ? [{ weight, row, sqnrDb }] : [];
    })
    .sort((a, b) => a.sqnrDb - b.sqnrDb || b.row.bytesBefore - a.row.bytesBefore)
    .slice(0, MOST);
}
