import { compareRun } from '../../state/compare.ts';
import type { Run } from '../../state/run.ts';
import { useStudio } from '../studio-context.tsx';
import { PairMark } from './pair-mark.tsx';

const COMPARE: Readonly<Record<Run['kind'], string>> = {
  baseline: 'Compare: what was chosen last is held against it',
  run: 'Compare: makes it B, and what was chosen before A',
};

/** The run's box: the last two that were pressed are compared. */
export function CompareCell({ run, letter }: { run: Run; letter: 'A' | 'B' | '' }) {
  const studio = useStudio();
  return (
    <td className="compare-cell">
      <button
        type="button"
        aria-label={`Compare ${run.name}`}
        aria-pressed={letter !== ''}
        title={letter === '' ? COMPARE[run.kind] : `This run is ${letter}`}
        onClick={(event) => {
          event.stopPropagation(); // the row's own click would select, which this has done
          compareRun(studio, run.id);
        }}
      >
        {letter === '' ? <span className="pair-mark" /> : <PairMark letter={letter} />}
      </button>
    </td>
  );
}
