import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

/** Exact figures and full names on hover or focus; never the only place of a fact that matters. */
export function Hint({ label, children }: { label: string; children: ReactElement }) {
  return (
    <Tooltip
      label={label}
      openDelay={300}
      events={{ hover: true, focus: true, touch: false }}
      classNames={{ tooltip: 'tip' }}
      transitionProps={{ duration: 0 }}
      multiline
      maw={360}
    >
      {children}
    </Tooltip>
  );
}
