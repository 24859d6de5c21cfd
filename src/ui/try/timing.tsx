import { formatMsValue } from '../../report/format.ts';
import { speedInterval, speedTimes } from '../../report/paired-time.ts';
import { median } from '../../report/statistics.ts';
import type { Run } from '../../state/run.ts';
import { useApp, useSession } from '../studio-context.tsx';
import { speedOf, timesOf, timingWords } from './timing-words.ts';

interface Props {
  readonly runs: readonly Run[];
}

/** What the answers took, and against the original in the same rounds. */
export function TimingRows({ runs }: Props) {
  const timing = useSession(({ trying }) => trying.timing);
  const waits = useSession(({ trying }) => trying.timing?.end === null || trying.timing === null);
  const none = waits ? <span className="t3">…</span> : <span className="nm">not measured</span>;
  return (
    <>
      <tr>
        <th scope="row">p50, ms</th>
        {runs.map(({ id }) => {
          const times = timesOf(timing, id);
          return (
            <td key={id} className="num t2">
              {times.length > 0 ? formatMsValue(median(times)) : none}
            </td>
          );
        })}
      </tr>
      {runs.length > 1 && (
        <tr>
          <th scope="row">Speed</th>
          {runs.map(({ id, kind }) => {
            const ratio = speedOf(timing, id);
            if (kind === 'baseline') {
              return (
                <td key={id} className="num t2">
                  ×1
                </td>
              );
            }
            return (
              <td key={id} className="num">
                {ratio ? (
                  <>
                    {speedTimes(ratio)} <span className="t3">{speedInterval(ratio)}</span>
                  </>
                ) : (
                  none
                )}
              </td>
            );
          })}
        </tr>
      )}
    </>
  );
}

/** On what the times hold, and why they are not those of the table. */
export function TimingNote({ runs }: Props) {
  const timing = useSession(({ trying }) => trying.timing);
  const device = useApp((state) => state.device);
  const gpu = device.status === 'known' ? device.summary.webgpu : null;
  const words = timing && timingWords(timing, runs, gpu?.software ? gpu.name : null);
  return words ? <p className="s11 t3">{words}</p> : null;
}
