/** Parts of Mantine's slider as the style sheet names them. */
export const SLIDER_CLASSES = {
  root: 'sl-root',
  trackContainer: 'sl-track-box',
  track: 'sl-track',
  bar: 'sl-bar',
  thumb: 'sl-thumb',
  mark: 'sl-mark',
  markLabel: 'sl-mark-label',
} as const;
