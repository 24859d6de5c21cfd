import { formatBytes, formatParameters } from '../../report/format.ts';
import { IconButton } from '../icon-button.tsx';
import { useSession } from '../studio-context.tsx';

/** The collapsed Model panel. */
export function ModelRail({ onExpand }: { onExpand: () => void }) {
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
