import { swapRuns } from '../../../state/compare.ts';
import type { Run } from '../../../state/run.ts';
import { IconButton } from '../../icon-button.tsx';
import { useStudio } from '../../studio-context.tsx';
import { PairMark } from '../pair-mark.tsx';

/** Which runs are A and B, and the way to turn them round. */
export function CompareHead({ a, b }: { a: Run; b: Run }) {
  const studio = useStudio();
  return (
    <div className="compare-head">
      <span className="row">
        <PairMark letter="A" />
        <span className="ell" title={a.name}>
          {a.name}
        </span>
      </span>
      <IconButton icon="swap" name="Swap" onClick={() => swapRuns(studio)} />
      <span className="row">
        <PairMark letter="B" />
        <span className="ell" title={b.name}>
          {b.name}
        </span>
      </span>
    </div>
  );
}
