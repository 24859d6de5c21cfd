import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

/** Where tooltips are drawn: in a landmark, and out of panes that clip. */
export const TIPS_ID = 'tips';

/** What opens a tooltip: what does something when it is pressed opens none by a touch. */
const EVENTS = {
  control: { hover: true, focus: true, touch: false },
  word: { hover: true, focus: true, touch: true },
  label: { hover: true, focus: false, touch: true },
  field: { hover: false, focus: true, touch: false },
} as const;

interface Props {
  readonly label: string;
  /** `label` and `field` go together: one for who points, one for who comes by keys. */
  readonly of?: keyof typeof EVENTS;
  readonly children: ReactElement;
}

/** Exact figures and full names on hover or focus; never the only place of a fact that matters. */
export function Hint({ label, of = 'control', children }: Props) {
  return (
    <Tooltip
      label={label}
      openDelay={300}
      events={EVENTS[of]}
      classNames={{ tooltip: 'tip' }}
      transitionProps={{ duration: 0 }}
      portalProps={{ target: `#${TIPS_ID}` }}
      multiline
      maw={360}
    >
      {children}
    </Tooltip>
  );
}
