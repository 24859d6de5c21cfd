import type { ReactNode } from 'react';
import { Hint } from './hint.tsx';

/** A word with its meaning, which is told to who points at it, touches it or comes to it by keys. */
export const Term = ({ meaning, children }: { meaning: string; children: ReactNode }) => (
  <Hint label={meaning} of="word">
    <button type="button" className="term" aria-description={meaning}>
      {children}
    </button>
  </Hint>
);
