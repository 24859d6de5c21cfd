import { formatCount } from '../report/format.ts';

interface Split {
  readonly evaluationRows: number;
  readonly calibrationRows: number;
}

/** "1,000 rows: 793 scored, 207 kept for calibration"; why fewer are scored than were given. */
export function rowsWords({ evaluationRows, calibrationRows }: Split): string {
  const all = `${formatCount(evaluationRows + calibrationRows)} rows`;
  if (calibrationRows === 0) return all;
  if (evaluationRows === 0) return `${all}, all kept for calibration`;
  return `${all}: ${formatCount(evaluationRows)} scored, ${formatCount(calibrationRows)} kept for calibration`;
}
