import { formatCount, withinNoise } from '../../report/format.ts';
import {
  formatMetric,
  metricDifferenceFigure,
  metricFigure,
  metricInfo,
  metricInterval,
} from '../../report/metrics.ts';
import { partWords } from '../../report/partly-scored.ts';
import type { Accuracy } from '../../report/report.ts';
import type { Run } from '../../state/run.ts';
import { rowsWords } from '../rows-words.ts';
import { useSession } from '../studio-context.tsx';
import { useColumns } from './columns.ts';
import { NotMeasured } from './not-measured.tsx';

/** The task's metric: accuracy, perplexity… with its interval, or the change of a perplexity. */
export function ScoreCell({ run }: { run: Run }) {
  const columns = useColumns();
  const split = useSession(({ dataset }) => dataset);
  const { accuracy } = run;
  const { label } = metricInfo(columns.metric);
  if (accuracy?.metric !== columns.metric) {
    return (
      <NotMeasured label={label} reason={reasonOf(run)} column={columns.accuracy} data="metric" />
    );
  }
  const { metric, value, interval, difference } = accuracy;
  const part = partWords(run);
  return (
    <td
      className={columns.accuracy}
      data-column="metric"
      data-label={label}
      data-value={value}
      title={`${wordsOf(accuracy)}. ${split.name}, ${rowsWords(split)}`}
    >
      <b>{metricFigure(metric, value)}</b>
      <small>
        {metric === 'perplexity' && difference
          ? metricDifferenceFigure(metric, difference.value)
          : metricInterval(metric, value, interval)}
      </small>
      {part !== null && <small className="warn">{part}</small>}
    </td>
  );
}

/** Run minus baseline on the same rows, with its paired interval. */
export function DifferenceCell({ run }: { run: Run }) {
  const { accuracy, kind } = run;
  const { difference } = accuracy ?? {};
  const noise = difference?.interval && withinNoise(difference.interval);
  return (
    <td
      className="num wide-column"
      data-column="difference"
      data-value={difference?.value}
      title={noise ? 'within noise' : undefined}
    >
      {accuracy && difference ? (
        <>
          <b>{metricDifferenceFigure(accuracy.metric, difference.value)}</b>
          <small>
            {metricInterval(accuracy.metric, difference.value, difference.interval, true)}
          </small>
        </>
      ) : (
        <span className="nm">{kind === 'baseline' ? 'itself' : 'not measured'}</span>
      )}
    </td>
  );
}

/** "851 of 1,000 rows on wasm; macro-F1 85.1 %". */
function wordsOf({ metric, rows, correct, backend, also }: Accuracy): string {
  const counted = metric === 'perplexity' ? 'windows' : 'rows';
  const right = correct === null ? '' : `${formatCount(correct)} of `;
  const beside = also.map(
    (one) => `${metricInfo(one.metric).noun} ${formatMetric(one.metric, one.value)}`,
  );
  return [`${right}${formatCount(rows)} ${counted} on ${backend}`, ...beside].join('; ');
}

const reasonOf = ({ dataset, measurements }: Run): string | null =>
  measurements.find(({ skipped }) => skipped)?.skipped ??
  (dataset && dataset.kind !== 'labelled' && dataset.kind !== 'text'
    ? `${dataset.name}: no labels`
    : null);
