import { dismissRefusal } from '../state/enter-model.ts';
import type { Failure } from '../state/failure.ts';
import { FAILURE_TITLES } from './failure-titles.ts';
import { useFilePicker } from './file-picker.tsx';
import { HexLine } from './hex-line.tsx';
import { Icon } from './icon.tsx';
import { useApp, useStudio } from './studio-context.tsx';

/** Name, what it really is, how that is known, what to do. */
export function RefusedFile({ failure }: { failure: Failure }) {
  const studio = useStudio();
  const { openModel } = useFilePicker();
  const somethingOpen = useApp((state) => state.session !== null);
  const { code, message, detail } = failure;
  const title =
    detail?.file && detail.actually
      ? `${detail.file} is ${detail.actually}, not ONNX`
      : `${detail?.file ? `${detail.file}: ` : ''}${FAILURE_TITLES[code]}`;
  const Heading = somethingOpen ? 'h2' : 'h1'; // the open model's name is the page's heading then
  const where = [
    detail?.path && `at ${detail.path}`,
    detail?.offset !== undefined && `byte ${detail.offset}`,
  ].filter(Boolean);
  return (
    <div className="banner e large" role="alert">
      <span className="bad">
        <Icon name="warn" />
      </span>
      <div className="grow">
        <Heading>{title}</Heading>
        <p className="t2" style={{ margin: '4px 0 10px', overflowWrap: 'anywhere' }}>
          {message.startsWith(`${title}. `) ? message.slice(title.length + 2) : message}
        </p>
        {detail?.head && <HexLine head={detail.head} match={detail.headMatch ?? 0} />}
        <div className="row wrap-row" style={{ marginTop: 12 }}>
          <button type="button" className="btn primary" onClick={openModel}>
            <Icon name="open" small />
            Open model…
          </button>
          <button type="button" className="btn quiet" onClick={() => dismissRefusal(studio)}>
            {somethingOpen ? 'Keep the open model' : 'Back'}
          </button>
          {where.length > 0 && <span className="s12 t3">{where.join(', ')}</span>}
        </div>
      </div>
    </div>
  );
}
