import { memo } from 'react';
import { TARGETS } from '../../catalog/targets.ts';
import type { Backend } from '../../core/backend.ts';
import { runFamily } from '../../report/chart/run-family.ts';
import { DISTURBED, disturbance } from '../../report/disturbed-time.ts';
import {
  formatExactBytes,
  formatMs,
  formatNumber,
  formatSizeRatio,
  formatTimes,
} from '../../report/format.ts';
import {
  isSlower,
  isUnsteady,
  pairedTimeOf,
  pairMs,
  pairWords,
  speedInterval,
  speedTimes,
} from '../../report/paired-time.ts';
import type { BackendMeasurement } from '../../report/report.ts';
import { selectRun } from '../../state/compare.ts';
import { deleteRun } from '../../state/manage-runs.ts';
import type { Run } from '../../state/run.ts';
import { FamilyMark } from '../family-mark.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { cellSize, cellUnit } from './cell-size.ts';
import { useColumns } from './columns.ts';
import { CompareCell } from './compare-cell.tsx';
import { differingWords } from './differing-words.ts';
import { MeasuringCell } from './measuring-cell.tsx';
import { NotMeasured } from './not-measured.tsx';
import { DifferenceCell, ScoreCell } from './score-cells.tsx';
import { shortVerdict } from './short-verdict.ts';

interface Props {
  readonly run: Run;
  readonly baseline: Run;
  readonly selected: boolean;
  /** The one row that Tab reaches. */
  readonly reachable: boolean;
  /** Whether it is compared, and as what; null if there is nothing to compare with. */
  readonly letter: 'A' | 'B' | '' | null;
}

/** A run: value, then ratio or interval, in each cell; `data-value` holds the exact figure. */
export const RunRow = memo(function RunRow({ run, baseline, selected, reachable, letter }: Props) {
  const studio = useStudio();
  const { tone, text } = shortVerdict(run, baseline);
  const isBaseline = run.kind === 'baseline';
  const measuring = useSession(
    ({ job }) =>
      job.status === 'running' &&
      (job.phase === 'measure-baseline'
        ? isBaseline
        : job.phase === 'measure' && job.task.runId === run.id),
  );
  const { fidelity, output } = run;
  const columns = useColumns();
  const select = () => selectRun(studio, run.id);
  return (
    <tr
      className={selected ? 'sel' : ''}
      aria-current={selected ? 'true' : undefined}
      aria-label={run.name}
      data-run={run.id}
      tabIndex={reachable ? 0 : -1}
      onClick={select}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') select();
        if (event.key === 'Delete') {
          const table = event.currentTarget.closest('table');
          deleteRun(studio, run.id);
          requestAnimationFrame(() =>
            table?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus(),
          );
        }
      }}
    >
      {letter !== null && <CompareCell {...{ run, letter }} />}
      <th scope="row" aria-label={run.name} title={run.name}>
        <span className="row">
          <FamilyMark family={runFamily(run.recipe)} />
          <span className="ell">
            {run.name}
            <small className={tone}>
              {text}
              {run.partial && ', partial'}
            </small>
          </span>
        </span>
      </th>
      <td
        className="num"
        data-value={output.byteLength}
        data-unit={cellUnit(output.byteLength)}
        title={formatExactBytes(output.byteLength)}
      >
        <b>{cellSize(output.byteLength)}</b>
        <small>{sizeTimes(run, baseline)}</small>
      </td>
      {measuring ? (
        <MeasuringCell />
      ) : (
        <>
          <LatencyCell {...{ run, baseline }} backend="wasm" />
          <LatencyCell {...{ run, baseline }} backend="webgpu" />
          <ScoreCell run={run} />
        </>
      )}
      <DifferenceCell run={run} />
      <td
        className={columns.answers}
        data-column="answers"
        data-label="Same answers"
        data-value={fidelity?.top1Agreement ?? undefined}
      >
        {fidelity?.top1Agreement != null ? (
          <>
            <b>{formatNumber(fidelity.top1Agreement * 100, 1)}</b>
            <small>{differingWords(fidelity)}</small>
          </>
        ) : (
          <span className="nm">{isBaseline ? 'itself' : 'not measured'}</span>
        )}
      </td>
      <td
        className="num wide-column"
        data-column="gzip"
        data-value={output.gzipByteLength ?? undefined}
      >
        {output.gzipByteLength === null ? (
          <span className="nm">not measured</span>
        ) : (
          <>
            <span className="t2">{cellSize(output.gzipByteLength)}</span>
            <small>{gzipTimes(run, baseline)}</small>
          </>
        )}
      </td>
    </tr>
  );
});

const sizeTimes = (run: Run, baseline: Run): string => {
  const ratio = baseline.output.byteLength / run.output.byteLength;
  if (run.kind === 'baseline') return '×1';
  return ratio >= 1
    ? formatTimes(ratio)
    : formatSizeRatio(baseline.output.byteLength, run.output.byteLength);
};

const gzipTimes = (run: Run, baseline: Run): string => {
  const { gzipByteLength: own } = run.output;
  const { gzipByteLength: original } = baseline.output;
  if (run.kind === 'baseline') return '×1';
  return own !== null && original !== null ? formatTimes(original / own) : '';
};

const SOFTWARE = 'software adapter: says nothing about GPUs';

function LatencyCell({ run, baseline, backend }: { run: Run; baseline: Run; backend: Backend }) {
  const label = TARGETS[backend].label;
  const measurement = run.measurements.find((it) => it.backend === backend);
  if (!measurement) return <NotMeasured label={label} reason={null} data={backend} />;
  const { latency, failure, software, skipped, untimed } = measurement;
  if (skipped) return <NotMeasured label={label} reason={skipped} data={backend} />;
  if (failure !== null) {
    return (
      <td className="num" data-column={backend} data-label={label} title={failure}>
        <span className="bad">failed</span>
        <span className="hidden-name">: {failure}</span>
      </td>
    );
  }
  if (!latency && untimed) {
    return <NotMeasured label={label} reason={untimed} words="not timed" data={backend} />;
  }
  if (!latency) return <NotMeasured label={label} reason={null} data={backend} />;
  const { p50Ms, p95Ms, meanMs } = latency;
  const time = pairedTimeOf(latency);
  const disturbed = disturbance(run, baseline, backend);
  return (
    <td
      className="num"
      data-column={backend}
      data-label={label}
      data-value={p50Ms}
      data-ratio={time?.ratio}
      title={`${time ? `95 % interval ${speedInterval(time)}; ` : ''}p50 ${pairWords(latency)}; p95 ${formatMs(p95Ms)}, mean ${formatMs(meanMs)}, ${latency.repetitions} runs${software ? `; ${SOFTWARE}` : ''}`}
    >
      <b className={speedTone(run, measurement)}>{speedTimes(time)}</b>
      <small>{pairMs(latency)}</small>
      <Aside {...measurement} />
      {disturbed?.again === run.kind ? (
        <small className="warn" title={disturbed.sign}>
          disturbed<span className="hidden-name">, {DISTURBED}</span>
        </small>
      ) : (
        time && isUnsteady(time) && <small className="warn">{speedInterval(time)}</small>
      )}
    </td>
  );
}

/** The speed on a run's own target stands out, and so does one that is lost anywhere. */
function speedTone({ recipe }: Run, { backend, latency }: BackendMeasurement): string {
  if (isSlower(latency)) return 'warn';
  return recipe && TARGETS[recipe.target].backend === backend ? '' : 'off';
}

/** What qualifies a time: a software adapter is named at every one. */
function Aside({ latency, placement, software }: BackendMeasurement) {
  if (software) {
    return (
      <small>
        software<span className="hidden-name"> adapter: says nothing about GPUs</span>
      </small>
    );
  }
  return isSlower(latency) && placement && placement.onCpu > 0 ? (
    <small className="warn">{placement.onCpu} on CPU</small>
  ) : null;
}
