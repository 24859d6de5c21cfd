import { useState } from 'react';
import { TARGETS } from '../../../catalog/targets.ts';
import { BACKENDS } from '../../../core/backend.ts';
import { formatDuration } from '../../../report/format.ts';
import type { Run } from '../../../state/run.ts';
import { bytesServed, downloadMs, SPEEDS_MBIT, sessionMs } from './first-visit.ts';

/** What a first visit costs: download at two speeds, and session creation on each backend. */
export function FirstVisitTable({ a, b }: { a: Run | null; b: Run }) {
  const [withGzip, setGzip] = useState(false);
  const runs = a ? [a, b] : [b];
  const rows = [
    ...SPEEDS_MBIT.map((mbit) => ({
      label: `Download at ${mbit} Mbit/s`,
      ms: (run: Run) => {
        const bytes = bytesServed(run, withGzip);
        return bytes === null ? null : downloadMs(bytes, mbit);
      },
    })),
    ...BACKENDS.map((backend) => ({
      label: `Session on ${TARGETS[backend].label}`,
      ms: (run: Run) => sessionMs(run, backend),
    })),
  ];
  return (
    <div className="sect">
      <div className="sh compare-title">
        <h3>First visit</h3>
        <label className="right check s12">
          <input
            type="checkbox"
            checked={withGzip}
            onChange={(event) => setGzip(event.currentTarget.checked)}
          />
          Served with gzip
        </label>
      </div>
      <table className="compare-table" aria-label="First visit">
        <thead>
          <tr>
            <th>Step</th>
            {a && <th className="num">A</th>}
            <th className="num">{a ? 'B' : 'Time'}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, ms }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {runs.map((run) => (
                <Duration key={run.id} ms={ms(run)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="s11 t3 compare-note">
        Downloads are the {withGzip ? 'bytes after gzip' : 'bytes of the file'} over the line&apos;s
        speed, the runtime not counted. Sessions are measured here.
      </p>
    </div>
  );
}

function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <td className="num nm">not measured</td>;
  return (
    <td className="num" data-value={ms}>
      {ms < 95 ? `${ms.toFixed(0)} ms` : formatDuration(ms)}
    </td>
  );
}
