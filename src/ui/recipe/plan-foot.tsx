import { useId, useState } from 'react';
import { formatBytes } from '../../report/format.ts';
import { Icon } from '../icon.tsx';
import { useSession } from '../studio-context.tsx';
import { useStacked } from '../use-stacked.ts';
import { CompressBar } from './compress-bar.tsx';
import { SizeReadout } from './size-readout.tsx';
import { UnscoredNote } from './unscored-note.tsx';

/** What comes out, and Compress; a line on a phone, where it would hide the steps. */
export function PlanFoot() {
  const stacked = useStacked();
  const id = useId();
  const [open, setOpen] = useState(false);
  const brief = stacked && !open;
  return (
    <div className={brief ? 'foot brief' : 'foot'}>
      {stacked && (
        <button
          type="button"
          className="fold up"
          aria-expanded={open}
          aria-controls={id}
          aria-label={brief ? undefined : 'Less of size and budget'}
          title="Size and budget"
          onClick={() => setOpen(!open)}
        >
          <Icon name="right" small />
          {brief && <Sizes />}
        </button>
      )}
      <div id={id} hidden={brief}>
        {!brief && <SizeReadout />}
      </div>
      {stacked && <UnscoredNote />}
      <CompressBar brief={brief} />
    </div>
  );
}

/** "5.9 MB → 1.4 MB". */
function Sizes() {
  const original = useSession(({ model }) => model.byteLength);
  const plan = useSession(({ planning }) => planning.plan);
  return (
    <span>
      {formatBytes(original)} → {plan && !plan.exact && 'at most '}
      <b className="b">{plan ? formatBytes(plan.byteLength) : '…'}</b>
    </span>
  );
}
