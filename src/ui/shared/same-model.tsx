import { cancelOpening } from '../../state/enter-model.ts';
import { showMatching } from '../../state/map-data.ts';
import {
  leaveShared,
  openSampleToReproduce,
  reproduced,
  takeSharedRecipe,
} from '../../state/shared.ts';
import type { SharedCheck } from '../../state/shared-view.ts';
import { useFilePicker } from '../file-picker.tsx';
import { Icon } from '../icon.tsx';
import { RefusedFile } from '../refused-file.tsx';
import { useApp, useSession, useStudio } from '../studio-context.tsx';
import { ReproduceBar } from './reproduce-bar.tsx';
import { hashGroups } from './shared-words.ts';
import { useShared } from './use-shared.ts';

/** Where the same model is dropped; then whether it is the same, and what can be done with it. */
export function SameModel() {
  const check = useShared((shared) => shared.check);
  const opening = useApp((state) => state.opening);
  if (opening.status === 'failed') return <RefusedFile failure={opening.failure} />;
  switch (check.status) {
    case 'same':
      return <Same />;
    case 'other':
      return <Other check={check} />;
    case 'none':
    case 'checking':
    case 'failed':
      return <Invitation check={check} />;
  }
}

function Invitation({ check }: { check: SharedCheck }) {
  const studio = useStudio();
  const { openModel } = useFilePicker();
  const opening = useApp((state) => state.opening);
  const dataset = useShared(({ result }) => result.run.dataset);
  // Texts are cut into tokens before they are rows.
  const withTokens = dataset?.preprocessing?.includes('token') ?? false;
  const withRows = dataset && dataset.kind !== 'synthetic' ? dataset.name : null;
  return (
    <div className="invite">
      <h3>Drop the same model to reproduce</h3>
      <p className="s12 t2">
        Whittle checks the SHA-256, runs this recipe here, and shows your numbers beside theirs.
        {withRows !== null &&
          ` Add ${withRows}${withTokens ? ' and its tokenizer.json' : ''} to measure accuracy too.`}
      </p>
      {check.status === 'failed' && <p className="s12 bad">{check.failure.message}</p>}
      {opening.status === 'opening' && (
        <div className="row">
          <span className="t2 any">Opening {opening.what}.</span>
          <button type="button" className="btn" onClick={() => cancelOpening(studio)}>
            Cancel
          </button>
        </div>
      )}
      {check.status === 'checking' && <p className="s12 t2">Checking the SHA-256.</p>}
      {opening.status !== 'opening' && check.status !== 'checking' && (
        <div className="row wrap-row">
          <button type="button" className="btn primary lg" onClick={openModel}>
            <Icon name="open" />
            Open model…
          </button>
          <OpenSample />
        </div>
      )}
    </div>
  );
}

/** Where a built-in sample has the name of their model. */
function OpenSample() {
  const studio = useStudio();
  const title = useShared(({ result }) => result.title);
  const sample = useApp(({ samples }) =>
    samples.status === 'ready' ? samples.cards.find(({ id }) => id === title) : undefined,
  );
  if (!sample) return null;
  return (
    <button
      type="button"
      className="btn lg"
      onClick={() => void openSampleToReproduce(studio, sample.id)}
    >
      Open sample {sample.title}
    </button>
  );
}

function Same() {
  const studio = useStudio();
  const done = useApp(reproduced) !== null;
  return (
    <div className="invite solid">
      <h3 className="row">
        <span className="good">
          <Icon name="check" />
        </span>
        The same model
      </h3>
      <p className="s12 t2">Its SHA-256 is the one that they name.</p>
      {!done && <Rows />}
      <ReproduceBar />
      {done && (
        <button type="button" className="btn" onClick={() => leaveShared(studio)}>
          Go on in the workbench
        </button>
      )}
    </div>
  );
}

/** Why their accuracy would not be measured here, before the minutes that it takes. */
function Rows() {
  const studio = useStudio();
  const theirs = useShared(({ result }) => result.run.accuracy && result.run.dataset?.name);
  const { kind, limitation, needsMapping } = useSession((session) => session.dataset);
  const reason = kind === 'synthetic' ? `Add ${theirs} to the model's files.` : limitation;
  if (!theirs || reason === null) return null;
  return (
    <div className="banner">
      <Icon name="warn" />
      <div className="grow">
        <p>Accuracy will not be measured here. {reason}</p>
        {needsMapping.length > 0 && (
          <button type="button" className="btn" onClick={() => showMatching(studio, true)}>
            Match your data
          </button>
        )}
      </div>
    </div>
  );
}

function Other({ check }: { check: Extract<SharedCheck, { status: 'other' }> }) {
  const studio = useStudio();
  const { openModel } = useFilePicker();
  const model = useShared(({ result }) => result.run.model);
  const theirs = useShared(({ result }) => result.baseline.output.files);
  const [a, b] =
    theirs.length === 1 && check.files.length === 1
      ? [theirs[0]?.sha256, check.files[0]?.sha256]
      : [model.sha256, check.identity.sha256];
  return (
    <div className="banner e large" role="alert">
      <span className="bad">
        <Icon name="warn" />
      </span>
      <div className="grow">
        <h3 className="any">{check.identity.name} is another model</h3>
        <p className="s12 t2">Its SHA-256 is not the one that they name, so nothing was run.</p>
        <dl className="kv hashes">
          <dt>Theirs</dt>
          <dd className="mono">{hashGroups(a ?? '')}</dd>
          <dt>Yours</dt>
          <dd className="mono">{hashGroups(b ?? '')}</dd>
        </dl>
        <div className="row wrap-row">
          <button type="button" className="btn primary" onClick={openModel}>
            <Icon name="open" small />
            Open another model…
          </button>
          <button type="button" className="btn" onClick={() => takeSharedRecipe(studio)}>
            Use this recipe on this model
          </button>
        </div>
      </div>
    </div>
  );
}
