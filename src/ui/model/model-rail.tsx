import { useEffect, useState } from 'react';
import { formatBytes, formatParameters } from '../../report/format.ts';
import { IconButton } from '../icon-button.tsx';
import { useSession } from '../studio-context.tsx';

/** The collapsed Model panel; it opens when something filters its weights. */
export function ModelRail({ onExpand }: { onExpand: () => void }) {
  const filter = useSession(({ weightFilter }) => weightFilter);
  const [first] = useState(filter);
  useEffect(() => {
    if (filter !== first && filter !== '') onExpand();
  }, [filter, first, onExpand]);
  const { title, parameterCount, byteLength } = useSession(({ model }) => model);
  return (
    <section className="rail" id="Model" aria-label="Model" tabIndex={-1}>
      <IconButton icon="expand" name="Expand Model" onClick={onExpand} />
      <div className="v">
        <h2>Model</h2>
        <span>
          {title}, {formatParameters(parameterCount)} parameters, {formatBytes(byteLength)}
        </span>
      </div>
    </section>
  );
}
