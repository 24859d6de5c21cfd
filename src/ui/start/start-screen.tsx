import { companionNames, dropWaiting, waits } from '../../state/companions.ts';
import { cancelOpening } from '../../state/enter-model.ts';
import { useFilePicker } from '../file-picker.tsx';
import { Icon } from '../icon.tsx';
import { RefusedFile } from '../refused-file.tsx';
import { useApp, useStudio } from '../studio-context.tsx';
import { DevicePanel } from './device-panel.tsx';
import { FromPyTorch } from './from-pytorch.tsx';
import { KeptList } from './kept-list.tsx';
import { ResumeCards } from './resume-cards.tsx';
import { SampleCards } from './sample-cards.tsx';

/** What one may drop, and what each file buys. */
const LADDER: readonly (readonly [string, string, string])[] = [
  [
    'A model',
    'model.onnx (ONNX), with its .onnx_data',
    'Size, speed, and how close its outputs stay',
  ],
  ['+ tokenizer', 'tokenizer.json, config.json', 'Real text in, labels out'],
  [
    '+ labelled rows',
    'reviews.csv with columns text and label, digits.npz, a folder of images a class',
    'Accuracy, with how sure it is',
  ],
];

export function StartScreen() {
  const opening = useApp((state) => state.opening);
  return (
    <main className="start" id="start" tabIndex={-1}>
      <KeptList />
      <div className="drop">
        <ResumeCards />
        {opening.status === 'failed' ? <RefusedFile failure={opening.failure} /> : <Invitation />}
        <table className="plain ladder" aria-label="What to drop">
          <thead>
            <tr>
              <th>Drop</th>
              <th>For example</th>
              <th>and see</th>
            </tr>
          </thead>
          <tbody>
            {LADDER.map(([what, example, gives]) => (
              <tr key={what}>
                <td className="b">{what}</td>
                <td className="t2">{example}</td>
                <td className="t2">{gives}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <FromPyTorch />
        <h2 className="sh" style={{ marginTop: 40 }}>
          Or start with a sample
        </h2>
        <SampleCards />
      </div>
      <DevicePanel />
    </main>
  );
}

/** Rows or a tokenizer that came before their model. */
function Waiting() {
  const studio = useStudio();
  const waiting = useApp((state) => state.waiting);
  if (waiting.length === 0) return null;
  return (
    <div className="banner i">
      <span className="accent">
        <Icon name="info" />
      </span>
      <p className="any grow">
        <b className="b">{companionNames(waiting)}</b> {waits(waiting)} for a model. Open its .onnx:
        they are opened together.
      </p>
      <button type="button" className="btn quiet" onClick={() => dropWaiting(studio)}>
        Forget
      </button>
    </div>
  );
}

function Invitation() {
  const { openModel, openFolder } = useFilePicker();
  const studio = useStudio();
  const opening = useApp((state) => state.opening);
  const offered = useApp((state) => state.offered);
  return (
    <>
      <h1 className="headline">Make a neural network smaller, and see what it costs.</h1>
      <p className="t2 s15 promise-line">
        Every number is measured on the exact bytes you download: size, speed on this device,
        accuracy on your rows. Nothing is uploaded.
      </p>
      {offered && (
        <div className="banner i">
          <span className="accent">
            <Icon name="info" />
          </span>
          <p className="any">
            The recipe <b className="b">{offered.name}</b> from a link waits for a model. Nothing
            runs until you press Compress.
          </p>
        </div>
      )}
      <Waiting />
      <div className="row open-line">
        <button type="button" className="btn primary lg" onClick={openModel}>
          <Icon name="open" />
          Open model…
        </button>
        <button type="button" className="btn lg" onClick={openFolder}>
          Open folder…
        </button>
        {opening.status === 'opening' ? (
          <>
            <span className="t2">Opening {opening.what}.</span>
            <button type="button" className="btn" onClick={() => cancelOpening(studio)}>
              Cancel
            </button>
          </>
        ) : (
          <span className="t2 wide-view">or drop files or a folder anywhere in this window</span>
        )}
      </div>
    </>
  );
}
