import { formatBytes, formatCount, formatExactBytes } from '../../report/format.ts';
import { leaveShared } from '../../state/shared.ts';
import { IconButton } from '../icon-button.tsx';
import { Panel } from '../panel.tsx';
import { useApp, useStudio } from '../studio-context.tsx';
import { SameModel } from './same-model.tsx';
import { hashGroups } from './shared-words.ts';
import { useShared } from './use-shared.ts';

/** The model that the result is of: how to know it, and what the one at hand is. */
export function SharedModel() {
  const studio = useStudio();
  const model = useShared(({ result }) => result.run.model);
  const files = useShared(({ result }) => result.baseline.output.files);
  const fileName = useApp(({ session }) => session?.model.fileName ?? null);
  const [only, ...others] = files;
  // Of one file, the hash that any tool gives; of several, the one over their list.
  const sha256 = only && others.length === 0 ? only.sha256 : model.sha256;
  return (
    <Panel
      name="Model"
      sub={fileName ?? 'not opened'}
      actions={
        <IconButton icon="x" name="Close shared result" onClick={() => leaveShared(studio)} />
      }
    >
      <div className="shared-body">
        <SameModel />
        <h3 className="sh">The model they used</h3>
        <dl className="kv">
          <dt>Name</dt>
          <dd className="any">{model.name}</dd>
          <dt>Size</dt>
          <dd>
            {formatBytes(model.byteLength)}, {formatExactBytes(model.byteLength)}
          </dd>
          <dt>Parameters</dt>
          <dd>{formatCount(model.parameterCount)}</dd>
          <dt>SHA-256</dt>
          <dd className="mono">{hashGroups(sha256)}</dd>
        </dl>
        <h3 className="sh">What the link holds</h3>
        <LinkHolds />
      </div>
    </Panel>
  );
}

function LinkHolds() {
  const length = useShared(({ linkLength }) => linkLength);
  const where =
    length === null ? 'in a file' : `${formatBytes(length)} in the address, after the #`;
  return (
    <p className="s12 t2">
      The recipe, the numbers and the hashes: {where}. No model, no rows, no server. Nothing runs
      until you open a model.
    </p>
  );
}
