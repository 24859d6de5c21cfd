import { memo, useMemo } from 'react';
import { formatMetricDifference } from '../../report/metrics.ts';
import { selectRun } from '../../state/compare.ts';
import { type LeftOut, leaveOut, leftOutSteps } from '../../state/leave-out.ts';
import type { Run } from '../../state/run.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { focusPanel } from '../use-keys.ts';

/** A run that lost something, once more without each of its steps: made, or ready to be. */
export const WhichStep = memo(function WhichStep({ run }: { run: Run }) {
  const studio = useStudio();
  const runs = useSession((session) => session.runs);
  const ways = useMemo(() => leftOutSteps(run, runs), [run, runs]);
  if (ways.length === 0) return null;
  return (
    <fieldset className="which-step s12">
      <legend className="t2">Switch one off:</legend>
      {ways.map((way) => (
        <span key={way.step} className="nowrap">
          {way.run ? (
            <Made way={way} run={way.run} />
          ) : (
            <button
              type="button"
              className="fix"
              onClick={() => {
                leaveOut(studio, way);
                focusPanel('Recipe');
              }}
            >
              Without step {way.step + 1}: {way.phrase}
            </button>
          )}
        </span>
      ))}
    </fieldset>
  );
});

function Made({ way: { step }, run }: { way: LeftOut; run: Run }) {
  const studio = useStudio();
  return (
    <button type="button" className="link" onClick={() => selectRun(studio, run.id)}>
      without step {step + 1}: <b>{costWords(run)}</b>
    </button>
  );
}

/** What is lost without the step: what the step does not cost. */
function costWords({ accuracy }: Run): string {
  if (!accuracy?.difference) return 'not measured';
  return formatMetricDifference(accuracy.metric, accuracy.difference.value);
}
