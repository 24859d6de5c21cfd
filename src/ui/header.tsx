import type { DeviceSummary } from '../report/device-summary.ts';
import { formatBytes } from '../report/format.ts';
import type { Session } from '../state/state.ts';
import { useFilePicker } from './file-picker.tsx';
import { Hint, TIPS_ID } from './hint.tsx';
import { Icon } from './icon.tsx';
import { rowsWords } from './rows-words.ts';
import { useApp } from './studio-context.tsx';

const PROMISE =
  'Files are read, compressed and measured by this tab itself. Nothing is uploaded: the page may reach no server but the one that it came from.';

export function Header() {
  const session = useApp((state) => state.session);
  const shared = useApp((state) => state.shared !== null);
  const device = useApp((state) => state.device);
  const gpuLost = useApp((state) => state.gpuLost);
  const picker = useFilePicker();
  return (
    <header className="top">
      {picker.inputs}
      <div id={TIPS_ID} />
      <div className="brand">
        <svg viewBox="0 0 18 18" aria-hidden="true">
          <path d="M2 2h14v6.5L8.5 16H2z" fill="var(--accent)" />
          <path d="M16 11.5 11.5 16H16z" fill="var(--text-3)" />
        </svg>
        <span>Whittle</span>
      </div>
      {shared ? <SharedTitle /> : session && <OpenFile session={session} />}
      <div className="right">
        <span className={session || shared ? 'dev promise wide-view' : 'dev promise'}>
          <span className="row">
            <Icon name="lock" small />
            {/* No stop for Tab before the page's first button: its headline says as much. */}
            <Hint label={PROMISE} of="label">
              <span className="explained">Nothing leaves this tab</span>
            </Hint>
          </span>
        </span>
        {device.status === 'known' && <Backends summary={device.summary} gpuLost={gpuLost} />}
        {session && !shared && (
          <button type="button" className="btn" onClick={picker.openModel}>
            <Icon name="open" />
            <span>
              Open<span className="wide-view"> model</span>
            </span>
          </button>
        )}
      </div>
    </header>
  );
}

/** Beside the model: what makes numbers of a text. */
const TOKENIZER = /(?:^|\/)tokenizer\.json$/;

function OpenFile({ session: { model, dataset, files } }: { session: Session }) {
  const beside = [
    ...(files.some(({ path }) => TOKENIZER.test(path)) ? ['tokenizer.json'] : []),
    ...(dataset.kind === 'synthetic' ? [] : [`${dataset.name}, ${rowsWords(dataset)}`]),
  ];
  const withData = beside.length === 0 ? '' : `, with ${beside.join(' and ')}`;
  return (
    <>
      <span className="sep wide-view" />
      <div className="s12 ell open-file">
        <h1>{model.title}</h1>
        <span className="t3 wide-view">
          {' '}
          {formatBytes(model.byteLength)}
          {withData}
        </span>
      </div>
    </>
  );
}

function SharedTitle() {
  const title = useApp(({ shared }) => shared?.result.title ?? '');
  const same = useApp(({ shared }) => shared?.check.status === 'same');
  return (
    <>
      <span className="sep wide-view" />
      <div className="s12 ell open-file">
        <h1>{title}</h1>
        <span className="t3 wide-view">
          {' '}
          shared result, {same ? 'the same model open' : 'model not opened'}
        </span>
      </div>
    </>
  );
}

function Backends({ summary, gpuLost }: { summary: DeviceSummary; gpuLost: boolean }) {
  const { webgpu, webgpuMissing, wasmThreads } = summary;
  const available = webgpu !== null && !gpuLost;
  return (
    <>
      <span className={available ? 'dev wide-view' : 'dev'} title={webgpuMissing ?? undefined}>
        <span className="row">
          <i className={available ? 'dot' : 'dot off'} />
          {gpuLost && <span className="bad">WebGPU lost</span>}
          {!gpuLost && !webgpu && <span className="bad">No WebGPU</span>}
          {available && gpuWords(webgpu)}
        </span>
      </span>
      <span className="dev wide-view">
        <span className="row">
          <i className="dot" />
          WASM, {wasmThreads} {wasmThreads === 1 ? 'thread' : 'threads'}
        </span>
      </span>
    </>
  );
}

const gpuWords = ({ name, software, shaderF16 }: NonNullable<DeviceSummary['webgpu']>): string =>
  ['WebGPU', name, shaderF16 ? 'f16' : null, software ? 'software adapter' : null]
    .filter((part) => part !== null)
    .join(', ');
