import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

/** Where tooltips are drawn: in a landmark, and out of panes that clip. */
export const TIPS_ID = 'tips';

/** Exact figures and full names on hover or focus; never the only place of a fact that matters. */
export function Hint({ label, children }: { label: string; children: ReactElement }) {
  return (
    <Tooltip
      label={label}
      openDelay={300}
      events={{ hover: true, focus: true, touch: false }}
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
