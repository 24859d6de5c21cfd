import { memo } from 'react';
import { TARGETS } from '../../catalog/targets.ts';
import { formatCount, formatMs } from '../../report/format.ts';
import { partWords } from '../../report/partly-scored.ts';
import type { Run } from '../../state/run.ts';
import { rowsWords } from '../rows-words.ts';
import { useSession } from '../studio-context.tsx';

/** On what the figures hold: data, input, timing, devices, versions. */
export const MeasuredWith = memo(function MeasuredWith({ run }: { run: Run }) {
  const data = useSession((session) => session.dataset);
  const latency = run.measurements.find((it) => it.latency)?.latency;
  const devices = run.measurements.map(
    ({ backend, device, sessionMs }) =>
      `${named(TARGETS[backend].label, device)}${sessionMs === null ? '' : `, session in ${formatMs(sessionMs)}`}`,
  );
  return (
    <div className="pad">
      <div className="sh" style={{ marginBottom: 4 }}>
        <h3>Measured with</h3>
      </div>
      <dl className="kv">
        <dt>Data</dt>
        <dd>
          {data.kind === 'synthetic' ? 'synthetic inputs' : `${data.name}, ${rowsWords(data)}`}
        </dd>
        {run.dataset && (
          <>
            <dt>Rows</dt>
            <dd>
              {partWords(run) ?? formatCount(run.dataset.rows)} scored, batch {run.dataset.batch}
              {run.dataset.preprocessing && `, ${run.dataset.preprocessing}`}
              {run.accuracy && `, on ${TARGETS[run.accuracy.backend].label}`}
            </dd>
          </>
        )}
        {run.dataset?.output && run.dataset.otherOutputs.length > 0 && (
          <Fact
            name="Output"
            words={`${run.dataset.output}; fidelity also compares ${run.dataset.otherOutputs.slice(0, 8).join(', ')}`}
          />
        )}
        {latency && (
          <>
            <dt>Timing</dt>
            <dd>
              {latency.input}, {latency.repetitions} runs after {latency.warmUp} warm-ups,
              interleaved
            </dd>
          </>
        )}
        {devices.map((device) => (
          <Fact key={device} name="Device" words={device} />
        ))}
        {run.compressedOn && (
          <Fact
            name="Made on"
            words={`${run.compressedOn.device}${run.compressedOn.software ? ', software adapter' : ''}`}
          />
        )}
        {Object.entries(run.versions).map(([name, version]) => (
          <Fact key={name} name={VERSION_NAMES[name] ?? name} words={version} />
        ))}
      </dl>
    </div>
  );
});

const VERSION_NAMES: Readonly<Record<string, string>> = {
  'onnxruntime-web': 'ORT Web',
  whittle: 'Whittle',
  browser: 'Browser',
};

const named = (backend: string, device: string): string =>
  device.startsWith(backend) ? device : `${backend}: ${device}`;

function Fact({ name, words }: { name: string; words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}
