import { useEffect, useState } from 'react';
import { formatDuration } from '../../report/format.ts';
import type { StageRecord } from '../../state/stage-record.ts';

const SECOND_MS = 1000;

/** Time of the stage that runs, which goes on while the stage says nothing. */
export function Elapsed({ stage: { began, elapsedMs } }: { stage: StageRecord }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(performance.now()), SECOND_MS);
    return () => clearInterval(clock);
  }, []);
  return formatDuration(Math.max(elapsedMs, now - began));
}
