import { useEffect } from 'react';
import { TARGETS } from '../../catalog/targets.ts';
import type { Backend } from '../../core/backend.ts';
import { measurableBackends } from '../../state/measure-parts.ts';
import { hasSoftwareAdapter } from '../../state/software-adapter.ts';
import { showTrying, tryOn } from '../../state/try.ts';
import { Segmented } from '../segmented.tsx';
import { useApp, useSession, useStudio } from '../studio-context.tsx';
import { Answers } from './answers.tsx';
import { Continuation } from './continuation.tsx';
import { ContinueControls } from './continue-controls.tsx';
import { ImageInput } from './image-input.tsx';
import { LiveAnswers } from './live-answers.tsx';
import { RowPicker } from './row-picker.tsx';
import { TextInput } from './text-input.tsx';
import '../styles/try.css';

/** One input, made up by the person: the original and its runs answer side by side. */
export function TryTab() {
  const studio = useStudio();
  const trial = useSession(({ trying }) => trying.trial);
  useEffect(() => {
    showTrying(studio, true);
    return () => showTrying(studio, false);
  }, [studio]);
  return (
    <div className="try">
      <TryHead />
      {trial.status === 'failed' && (
        <p className="pad s12 bad" role="alert">
          {trial.failure.message}
        </p>
      )}
      {trial.status === 'ready' && <Form />}
    </div>
  );
}

function Form() {
  const summary = useSession(({ trying }) =>
    trying.trial.status === 'ready' ? trying.trial.summary : null,
  );
  const hasContinuation = useSession(({ trying }) => trying.continuation !== null);
  if (!summary) return null;
  const { form } = summary;
  const beside = form.kind === 'image';
  return (
    <>
      <div className={beside ? 'try-body beside' : 'try-body'}>
        <div className="try-input">
          {form.kind === 'image' && <ImageInput form={form} />}
          {(form.kind === 'text' || form.kind === 'continuation') && <TextInput form={form} />}
          {form.kind === 'rows' && (
            <p className="s12 t2">
              Nothing can be typed or drawn for this model: {form.reason}. It wants arrays: drop an
              .npz with one array per input, or pick a row of your data.
            </p>
          )}
          {!beside && <RowPicker summary={summary} />}
          {form.kind === 'continuation' && <ContinueControls />}
        </div>
        {!(form.kind === 'continuation' && hasContinuation) && <Answers />}
        {beside && <RowPicker summary={summary} />}
      </div>
      {form.kind === 'continuation' && <Continuation />}
      <LiveAnswers />
    </>
  );
}

/** Where it is computed, and what it waits for. */
function TryHead() {
  const studio = useStudio();
  const device = useApp((state) => state.device);
  const backend = useSession(({ trying }) => trying.backend);
  const answering = useSession(({ trying }) => trying.pace === 'answering');
  const backends = measurableBackends(device);
  const software = hasSoftwareAdapter(device);
  return (
    <div className="try-head">
      <Pace />
      <span className="row">
        {answering && <span className="try-late s11 t2">Answering…</span>}
        {backend === 'webgpu' && software && <span className="s11 t3">software adapter</span>}
        {backends.length > 1 ? (
          <Segmented<Backend>
            name="Runs on"
            small
            value={backend}
            choices={backends.map((value) => ({ value, label: TARGETS[value].label }))}
            onChange={(value) => tryOn(studio, value)}
          />
        ) : (
          <span className="s12 t3">on WASM; no WebGPU here</span>
        )}
      </span>
    </div>
  );
}

function Pace() {
  const pace = useSession(({ trying }) => trying.pace);
  const loading = useSession(({ trying }) => trying.trial.status === 'loading');
  const form = useSession(({ trying }) =>
    trying.trial.status === 'ready' ? trying.trial.summary.form.kind : null,
  );
  const job = useSession(({ job: it }) => (it.status === 'running' ? it.task.name : null));
  if (pace === 'busy') {
    const what = job === null ? 'reading the rows' : job;
    return <span className="s12 t2">Busy with {what}. It answers when that has ended.</span>;
  }
  if (loading) return <span className="s12 t3">Loading the model…</span>;
  const how = form === 'image' ? 'draw' : form === 'rows' ? 'pick' : 'type';
  return <span className="s12 t3">The original and its runs, as you {how}</span>;
}
