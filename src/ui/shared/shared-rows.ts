/** What a link claims, and what was measured here, row by row. */
import type { Backend } from '../../core/backend.ts';
import { BACKENDS } from '../../core/backend.ts';
import { targetBackend } from '../../report/backend-of-run.ts';
import { disagreement } from '../../report/disagreement.ts';
import { DISTURBED, isDisturbed } from '../../report/disturbed-time.ts';
import { backendLabel, formatCount, formatKl, formatNumber } from '../../report/format.ts';
import {
  metricDifferenceFigure,
  metricFigure,
  metricInfo,
  metricInterval,
} from '../../report/metrics.ts';
import { speedCell } from '../../report/paired-time.ts';
import type { Accuracy, RunReport } from '../../report/report.ts';
import { cellSize } from '../results/cell-size.ts';
import { metricHeading, speedHeading } from '../results/columns.ts';

/** What of a report the table shows; a run that is not reported yet has it, too. */
export type Figures = Pick<
  RunReport,
  'kind' | 'output' | 'measurements' | 'accuracy' | 'fidelity' | 'dataset'
>;

export interface Cell {
  readonly words: string;
  /** Exact; absent where there is no single figure. */
  readonly value?: number | undefined;
  readonly tone?: 'nm' | 'bad' | 'warn';
}

export interface SharedRow {
  readonly label: string;
  readonly baseline: Cell;
  readonly theirs: Cell;
  /** The original, measured here. */
  readonly original: Cell;
  readonly yours: Cell;
}

const NOT_MEASURED: Cell = { words: 'not measured', tone: 'nm' };
/** A difference of the original to itself. */
const NONE: Cell = { words: '–' };

type Column = (run: Figures) => Cell;

/** What was measured here. */
export interface Own {
  /** null until the recipe has run here. */
  readonly run: Figures | null;
  readonly baseline: Figures | null;
  /** What is not measured yet is being measured. */
  readonly measuring: boolean;
}

const MEASURING: Cell = { words: 'being measured', tone: 'nm' };

export function sharedRows(
  baseline: Figures,
  theirs: Figures & Pick<RunReport, 'recipe'>,
  { run: yours, baseline: original, measuring }: Own,
): readonly SharedRow[] {
  const here = (run: Figures | null, column: Column): Cell => {
    const cell = run ? column(run) : NOT_MEASURED;
    return measuring && cell === NOT_MEASURED ? MEASURING : cell;
  };
  const row = (label: string, column: Column): SharedRow => ({
    label,
    baseline: column(baseline),
    theirs: column(theirs),
    original: here(original, column),
    yours: here(yours, column),
  });
  const timed = BACKENDS.filter((backend) =>
    [baseline, theirs, yours].some((run) => run && tried(run, backend)),
  );
  const { accuracy } = theirs;
  return [
    row('Size, MB', ({ output }) => ({
      words: cellSize(output.byteLength),
      value: output.byteLength,
    })),
    ...timed.map((backend) =>
      row(
        speedHeading(backend),
        latencyOn(backend, (run) => (run === yours ? original : baseline)),
      ),
    ),
    ...(accuracy ? accuracyRows(accuracy, row) : []),
    row('Same answers, %', sameAnswers),
    row('KL to fp32, mean', kl),
    ...(timed.length > 0
      ? [row(`Truth check, ${names(timed)}`, truthCheck(targetBackend(theirs)))]
      : []),
  ];
}

const names = (backends: readonly Backend[]): string => backends.map(backendLabel).join(' and ');

const on = ({ measurements }: Figures, backend: Backend) =>
  measurements.find((it) => it.backend === backend);

function tried(run: Figures, backend: Backend): boolean {
  const measured = on(run, backend);
  return measured !== undefined && measured.skipped === undefined;
}

const latencyOn =
  (backend: Backend, originalOf: (run: Figures) => Figures | null): Column =>
  (run) => {
    const measured = on(run, backend);
    if (measured?.failure) return { words: 'failed', tone: 'bad' };
    const latency = measured?.latency;
    if (!latency && measured?.untimed) {
      return { words: `not timed: ${measured.untimed}`, tone: 'nm' };
    }
    if (!latency) return NOT_MEASURED;
    const software = measured.software ? ', software' : '';
    const disturbed = isDisturbed(run, originalOf(run), backend) ? `, ${DISTURBED}` : '';
    return { words: `${speedCell(latency)}${software}${disturbed}`, value: latency.p50Ms };
  };

function accuracyRows(
  { metric, rows }: Accuracy,
  row: (label: string, column: Column) => SharedRow,
): readonly SharedRow[] {
  const { differenceUnit } = metricInfo(metric);
  const counted = `${formatCount(rows)} ${metric === 'perplexity' ? 'windows' : 'rows'}`;
  const unit = differenceUnit ? `${differenceUnit}, ` : '';
  return [
    row(`${metricHeading(metric)}, ${counted}`, ({ accuracy }) => {
      if (accuracy?.metric !== metric) return NOT_MEASURED;
      const { value, interval } = accuracy;
      return {
        words: withInterval(metricFigure(metric, value), metricInterval(metric, value, interval)),
        value,
      };
    }),
    row(`Difference, ${unit}paired`, ({ kind, accuracy }) => {
      if (kind === 'baseline') return NONE;
      const difference = accuracy?.metric === metric ? accuracy.difference : null;
      if (!difference) return NOT_MEASURED;
      const { value, interval } = difference;
      const figure = metricDifferenceFigure(metric, value);
      return { words: withInterval(figure, metricInterval(metric, value, interval, true)), value };
    }),
  ];
}

/** "83.6 ±2.2"; one that is not as wide on both sides in brackets. */
function withInterval(figure: string, interval: string): string {
  if (interval === '') return figure;
  return interval.startsWith('±') ? `${figure} ${interval}` : `${figure} (${interval})`;
}

function sameAnswers({ kind, fidelity }: Figures): Cell {
  if (kind === 'baseline') return NONE;
  const same = fidelity?.top1Agreement ?? null;
  return same === null ? NOT_MEASURED : { words: formatNumber(same * 100, 1), value: same };
}

function kl({ kind, fidelity }: Figures): Cell {
  if (kind === 'baseline') return NONE;
  const mean = fidelity?.klMean ?? null;
  return mean === null ? NOT_MEASURED : { words: formatKl(mean), value: mean };
}

const truthCheck =
  (target: Backend | null): Column =>
  (run) => {
    const checked = run.measurements.flatMap(({ backend, truth }) =>
      truth ? [{ backend, verdict: truth.verdict }] : [],
    );
    if (checked.length === 0) return run.kind === 'baseline' ? NONE : NOT_MEASURED;
    const wrong = disagreement(run.measurements, target);
    if (wrong !== null) return { words: wrong, tone: 'bad' };
    const slow = checked.some(({ verdict }) => verdict === 'agrees-slow');
    return slow
      ? { words: 'agree, slow', tone: 'warn' }
      : { words: checked.length > 1 ? 'agree' : 'agrees' };
  };

/** Why accuracy and fidelity here and there are not of the same rows; null if they seem to be. */
export function otherRows(theirs: Figures, yours: Figures): string | null {
  const [a, b] = [theirs.dataset, yours.dataset];
  if (!a || !b || (a.name === b.name && a.rows === b.rows)) return null;
  const words = (it: typeof a) =>
    it.kind === 'synthetic' ? 'synthetic inputs' : `${formatCount(it.rows)} rows of ${it.name}`;
  return `Theirs is of ${words(a)}, yours of ${words(b)}: accuracy and fidelity do not compare.`;
}
