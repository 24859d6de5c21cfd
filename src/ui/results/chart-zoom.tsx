import { IconButton } from '../icon-button.tsx';
import { type Zooming, zoomBy } from './plot-frame.tsx';

const STEP = 1.5;

/** Zoom by buttons, for those who neither drag nor know the keys. */
export function ChartZoom({ zooming }: { zooming: Zooming }) {
  return (
    <div className="chart-zoom">
      {zooming.view && (
        <button type="button" className="btn quiet" onClick={() => zooming.onView(null)}>
          Reset zoom
        </button>
      )}
      <IconButton icon="minus" name="Zoom out" onClick={() => zoomBy(zooming, 1 / STEP)} />
      <IconButton icon="plus" name="Zoom in" onClick={() => zoomBy(zooming, STEP)} />
    </div>
  );
}
