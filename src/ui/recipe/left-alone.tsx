import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { formatBytes, formatCount } from '../../report/format.ts';
import { filterWeights } from '../../state/look-at.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/**
 * What no step takes, a line a reason; a reason filters the weights table. Folded at first where the
 * window is low, for steps to have the room.
 */
export function LeftAlone() {
  const studio = useStudio();
  const low = useMediaQuery('(max-height: 799px)', undefined, { getInitialValueInEffect: false });
  const [chosen, setOpen] = useState<boolean | null>(null);
  const open = chosen ?? !low;
  const reasons = useSession(({ planning }) => planning.plan?.leftAlone);
  if (!reasons || reasons.length === 0) return null;
  const weights = reasons.reduce((sum, { weightCount }) => sum + weightCount, 0);
  const bytes = reasons.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return (
    <div className="alone">
      <div className="row between">
        <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="right" small />
          <span className="b">
            {formatCount(weights)} {weights === 1 ? 'weight' : 'weights'} left alone
          </span>
        </button>
        <span className="t3">{formatBytes(bytes)}</span>
      </div>
      {open && (
        <ul>
          {reasons.map(({ reason, weightCount }) => (
            <li key={reason}>
              <button
                type="button"
                title={`Show in the weights table: ${reason}`}
                onClick={() => filterWeights(studio, reason)}
              >
                <span className="ell">{reason}</span>
                <span>{formatCount(weightCount)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
