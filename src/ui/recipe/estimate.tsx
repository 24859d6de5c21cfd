import { useMemo, useState } from 'react';
import { estimateRun } from '../../state/estimate-run.ts';
import { useApp, useSession } from '../studio-context.tsx';
import { estimateWords } from './estimate-words.ts';

/** How long Compress takes and how much of the GPU's memory, by what earlier runs took. */
export function Estimate() {
  const device = useApp((state) => state.device);
  const withBenchmark = useSession((session) => session.benchmarkAfter);
  const planning = useSession((session) => session.planning);
  const recipe = useSession((session) => session.recipe);
  const runs = useSession((session) => session.runs);
  const peakBuffers = useSession((session) => session.peakBuffers);
  const now = useMemo(() => {
    if (planning.status !== 'ready') return null;
    const estimate = estimateRun({ planning, recipe, runs, peakBuffers }, device);
    return estimateWords(estimate, withBenchmark);
  }, [device, withBenchmark, planning, recipe, runs, peakBuffers]);
  // While a slider moves the last words stay, so that nothing flickers.
  const [shown, setShown] = useState(now);
  if (now !== null && now !== shown) setShown(now);
  return <p className="s11 t3 estimate">{shown}</p>;
}
