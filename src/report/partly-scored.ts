/** Runs whose scoring was stopped: their figures are of fewer rows than the others'. */
import { formatCount } from './format.ts';
import type { RunReport } from './report.ts';

/** True where fewer rows were scored than there are; reports that do not say so count as whole. */
export const partlyScored = ({ dataset }: Pick<RunReport, 'dataset'>): boolean =>
  dataset?.given !== undefined && dataset.rows < dataset.given;

/** "132 of 793 rows"; null where all were scored. */
export function partWords(run: Pick<RunReport, 'dataset'>): string | null {
  const { dataset } = run;
  if (!dataset?.given || !partlyScored(run)) return null;
  const counted = dataset.kind === 'text' ? 'windows' : 'rows';
  return `${formatCount(dataset.rows)} of ${formatCount(dataset.given)} ${counted}`;
}
