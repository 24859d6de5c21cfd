import { analyse, analyseObstacle } from '../../state/analyse.ts';
import { Hint } from '../hint.tsx';
import { useApp, useStudio } from '../studio-context.tsx';

const WHAT =
  'Finds in weights and rows what the size depends on. Compress then need not do it again.';

/** Makes an upper bound exact. */
export function AnalyseButton() {
  const studio = useStudio();
  const obstacle = useApp(analyseObstacle);
  return (
    <Hint label={obstacle ?? WHAT}>
      <button
        type="button"
        className="fix"
        aria-disabled={obstacle !== null || undefined}
        onClick={() => void analyse(studio)}
      >
        Analyse
      </button>
    </Hint>
  );
}
