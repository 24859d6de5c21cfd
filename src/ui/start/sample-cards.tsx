import { formatBytes, formatCount } from '../../report/format.ts';
import { openSample } from '../../state/open-model.ts';
import { useApp, useStudio } from '../studio-context.tsx';
import { SamplePicture } from './sample-picture.tsx';

export function SampleCards() {
  const studio = useStudio();
  const samples = useApp((state) => state.samples);
  if (samples.status === 'failed') {
    return <p className="s12 bad">The samples could not be read: {samples.failure.message}</p>;
  }
  const cards = samples.status === 'ready' ? samples.cards : [];
  return (
    <div className="samples" aria-busy={samples.status === 'loading'}>
      {samples.status === 'loading' && (
        <>
          <div className="sample to-come" />
          <div className="sample to-come" />
        </>
      )}
      {cards.map(({ id, title, task, modelBytes, testRows, licence }) => (
        <button
          key={id}
          type="button"
          className="sample"
          aria-labelledby={`sample-${id}`}
          aria-describedby={`sample-${id}-task sample-${id}-size`}
          onClick={() => void openSample(studio, id)}
        >
          <SamplePicture id={id} />
          <span className="lines">
            <span className="b" id={`sample-${id}`}>
              Try {title}
            </span>
            <span className="s12 t2" id={`sample-${id}-task`}>
              {task}
            </span>
            <span className="s12 t3" id={`sample-${id}-size`}>
              {formatBytes(modelBytes)}, {formatCount(testRows)} test rows, {licence}
            </span>
          </span>
        </button>
      ))}
    </div>
  );
}
