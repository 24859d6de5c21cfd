import { useMemo } from 'react';
import type { Run } from '../../state/run.ts';
import { triedRuns } from '../../state/try.ts';
import { useSession } from '../studio-context.tsx';

/** The original, then A and B. */
export function useTriedRuns(): readonly Run[] {
  const runs = useSession((session) => session.runs);
  const selectedRunId = useSession((session) => session.selectedRunId);
  const comparedWith = useSession((session) => session.comparedWith);
  const turned = useSession((session) => session.turned);
  return useMemo(
    () => triedRuns({ runs, selectedRunId, comparedWith, turned }),
    [runs, selectedRunId, comparedWith, turned],
  );
}
