import { copyDetails } from '../state/copy-details.ts';
import { dismissRefusal } from '../state/enter-model.ts';
import type { Failure } from '../state/failure.ts';
import { useFilePicker } from './file-picker.tsx';
import { HexLine } from './hex-line.tsx';
import { Icon } from './icon.tsx';
import { headerWords, refusedBody, refusedDetails, refusedTitle } from './refused-words.ts';
import { useApp, useStudio } from './studio-context.tsx';

const EXPORT_GUIDE =
  'https://huggingface.co/docs/optimum/exporters/onnx/usage_guides/export_a_model';

/** Name, what it really is, how that is known, what to do. */
export function RefusedFile({ failure }: { failure: Failure }) {
  const studio = useStudio();
  const { openModel } = useFilePicker();
  const somethingOpen = useApp((state) => state.session !== null);
  const { detail } = failure;
  const Heading = somethingOpen ? 'h2' : 'h1'; // the open model's name is the page's heading then
  const header = headerWords(failure);
  const where = [
    detail?.path && `at ${detail.path}`,
    detail?.offset !== undefined && detail.offset > 0 && `byte ${detail.offset}`,
  ].filter(Boolean);
  return (
    <div className="banner e large" role="alert">
      <span className="bad">
        <Icon name="warn" />
      </span>
      <div className="grow">
        <Heading>{refusedTitle(failure)}</Heading>
        <p className="t2" style={{ margin: '4px 0 10px', overflowWrap: 'anywhere' }}>
          {refusedBody(failure)}
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
          {detail?.actually && (
            <a className="btn quiet" href={EXPORT_GUIDE} target="_blank" rel="noreferrer">
              How to export ONNX
            </a>
          )}
          <button
            type="button"
            className="btn quiet"
            onClick={() => void copyDetails(studio, refusedDetails(failure, __APP_VERSION__))}
          >
            Copy details
          </button>
          {header && <span className="s12 t2">{header}</span>}
          {where.length > 0 && <span className="s12 t3">{where.join(', ')}</span>}
        </div>
      </div>
    </div>
  );
}
