import { showMatching } from '../../state/map-data.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/** Beside Compress, where results are out of sight: rows are there, and will not be scored. */
export function UnscoredNote() {
  const studio = useStudio();
  const open = useSession(
    ({ dataset, benchmarkAfter }) => benchmarkAfter && dataset.needsMapping.length > 0,
  );
  if (!open) return null;
  return (
    <p className="s12 row unscored">
      <Icon name="info" small />
      <span className="grow">Accuracy will not be measured: names in your data are open.</span>
      <button type="button" className="fix" onClick={() => showMatching(studio, true)}>
        Match your data
      </button>
    </p>
  );
}
