/** Where the trade-off chart stands in its frame: the same for recharts and for gestures over it. */
import type { Box } from '../../report/chart/labels.ts';

export const PLOT_MARGIN = { top: 26, right: 16, bottom: 20, left: 0 } as const;
export const Y_AXIS_WIDTH = 44;
export const X_AXIS_HEIGHT = 20;

/** The area that points can be in, in pixels of the frame. */
export const plotBox = (width: number, height: number): Box => ({
  left: PLOT_MARGIN.left + Y_AXIS_WIDTH,
  top: PLOT_MARGIN.top,
  right: width - PLOT_MARGIN.right,
  bottom: height - PLOT_MARGIN.bottom - X_AXIS_HEIGHT,
});
