import { selectedRun } from '../../state/hand-out.ts';
import { benchmark } from '../../state/measure-run.ts';
import { useSession, useStudio } from '../studio-context.tsx';

/** Times of a software adapter are marked wherever they stand, and taken only when asked for. */
export function SoftwareNote() {
  const studio = useStudio();
  const name = useSession(({ runs }) => {
    const software = runs.flatMap(({ measurements }) => measurements).find((it) => it.software);
    return software?.device ?? null;
  });
  const timed = useSession(({ runs }) =>
    runs.some(({ measurements }) => measurements.some((it) => it.software && it.latency !== null)),
  );
  const untimed = useSession((session) =>
    selectedRun(session)?.measurements.some((it) => it.untimed !== undefined),
  );
  const idle = useSession(({ job }) => job.status === 'idle');
  if (name === null) return null;
  return (
    <p className="s11 t2" style={{ padding: '6px 16px' }}>
      {timed
        ? `WebGPU times are from ${name}, a software adapter: says nothing about GPUs.`
        : `WebGPU is checked and not timed: ${name} is a software adapter, whose times say nothing about GPUs.`}
      {untimed && idle && (
        <>
          {' '}
          <button
            type="button"
            className="link"
            title="Measures the selected run again, with its time on this adapter"
            onClick={() => void benchmark(studio, { timeSoftware: true })}
          >
            Time it anyway
          </button>
        </>
      )}
    </p>
  );
}
