import { runFamily } from '../../report/chart/run-family.ts';
import type { Run } from '../../state/run.ts';
import { letterOf } from '../../state/try.ts';
import { FamilyMark } from '../family-mark.tsx';
import { PairMark } from '../results/pair-mark.tsx';
import { useSession } from '../studio-context.tsx';

/** A model by its letter, or its family's mark, and its name. */
export function ModelName({ run }: { run: Run }) {
  const letter = useSession((session) => letterOf(session, run.id));
  return (
    <span className="model-name">
      {letter ? <PairMark letter={letter} /> : <FamilyMark family={runFamily(run.recipe)} />}
      <span className="ell" title={run.name}>
        <bdi>{run.name}</bdi>
      </span>
    </span>
  );
}
