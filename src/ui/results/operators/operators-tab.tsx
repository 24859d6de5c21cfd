import { useMemo, useState } from 'react';
import { TARGETS } from '../../../catalog/targets.ts';
import { BACKENDS, type Backend } from '../../../core/backend.ts';
import { formatCount, formatMsValue } from '../../../report/format.ts';
import type { OperatorTime, OperatorTimes } from '../../../report/operator-times.ts';
import { runA, runB } from '../../../state/compare.ts';
import { measurableBackends } from '../../../state/measure-parts.ts';
import { profileKey, profileOperators } from '../../../state/profile-operators.ts';
import type { Run } from '../../../state/run.ts';
import { Segmented } from '../../segmented.tsx';
import { useApp, useSession, useStudio } from '../../studio-context.tsx';
import { CompareHead } from '../compare/compare-head.tsx';
import { operatorRows, totalMs } from './operator-rows.ts';

/** Where the time of A and B goes, operator by operator, as the runtime's own profile has it. */
export function OperatorsTab() {
  const a = useSession(runA);
  const b = useSession(runB);
  const device = useApp((state) => state.device);
  const [chosen, setChosen] = useState<Backend>('wasm');
  const possible = measurableBackends(device);
  const backend = possible.includes(chosen) ? chosen : 'wasm';
  const choices = BACKENDS.filter((it) => possible.includes(it)).map((value) => ({
    ...{ value, label: TARGETS[value].label },
  }));
  if (!b) return null;
  return (
    <>
      {a && <CompareHead {...{ a, b }} />}
      <div className="rows-head">
        <Segmented name="Profile on" {...{ choices }} value={backend} onChange={setChosen} small />
        <ProfileButton backend={backend} />
      </div>
      <Profiles {...{ a, b, backend }} />
    </>
  );
}

function ProfileButton({ backend }: { backend: Backend }) {
  const studio = useStudio();
  const busy = useSession(({ job }) => job.status === 'running' || job.status === 'asking');
  return (
    <button
      type="button"
      className="btn"
      aria-disabled={busy}
      title={busy ? 'A job is running' : 'Some runs with the profile of the runtime on'}
      onClick={() => !busy && void profileOperators(studio, backend)}
    >
      Profile
    </button>
  );
}

function Profiles({ a, b, backend }: { a: Run | null; b: Run; backend: Backend }) {
  const ofA = useSession(({ operators }) => (a && operators.get(profileKey(a, backend))) ?? null);
  const ofB = useSession(({ operators }) => operators.get(profileKey(b, backend)) ?? null);
  const rows = useMemo(() => operatorRows(ofA, ofB), [ofA, ofB]);
  const times = ofB ?? ofA;
  if (!times) {
    return (
      <p className="pad s12 t3">
        Not profiled on {TARGETS[backend].label}. Profiling runs {a ? 'A and B' : 'the model'} some
        times and reads the runtime&apos;s own times.
      </p>
    );
  }
  const untimed = rows.some((row) => row.a?.durationMs === null || row.b?.durationMs === null);
  return (
    <>
      <table className="compare-table" aria-label="Time by operator">
        <thead>
          <tr>
            <th>Operator</th>
            {a && <th className="num">A, ms</th>}
            <th className="num">B, ms</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.op} ${row.onCpu}`}>
              <th scope="row">
                {row.op}
                {row.onCpu && <span className="warn"> on the CPU</span>}
              </th>
              {a && <TimeCell time={row.a} profiled={ofA !== null} />}
              <TimeCell time={row.b} profiled={ofB !== null} />
            </tr>
          ))}
          <tr>
            <th scope="row">All</th>
            {a && <TotalCell times={ofA} />}
            <TotalCell times={ofB} />
          </tr>
        </tbody>
      </table>
      <p className="s11 t3 compare-note">
        Median of {formatCount(times.runs)} runs of {times.input} on {times.device}
        {times.software && ', a software adapter: says nothing about GPUs'}. Profiling slows a
        session down: compare shares, not these times with the latency above.
        {untimed && ' The GPU of this device tells no times of its shaders.'}
      </p>
    </>
  );
}

function TimeCell({ time, profiled }: { time: OperatorTime | null; profiled: boolean }) {
  if (!profiled) return <td className="num nm">not profiled</td>;
  if (!time) return <td className="num t3">none</td>;
  if (time.durationMs === null) {
    return <td className="num nm">{formatCount(time.count)} nodes, not timed</td>;
  }
  return (
    <td className="num" data-value={time.durationMs} title={`${formatCount(time.count)} nodes`}>
      {formatMsValue(time.durationMs)}
    </td>
  );
}

function TotalCell({ times }: { times: OperatorTimes | null }) {
  if (!times) return <td className="num nm">not profiled</td>;
  const total = totalMs(times);
  return (
    <td className="num" data-value={total ?? undefined}>
      {total === null ? <span className="nm">not timed</span> : <b>{formatMsValue(total)}</b>}
    </td>
  );
}
