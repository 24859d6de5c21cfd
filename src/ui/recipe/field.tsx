import type { ReactNode } from 'react';
import { Hint } from '../hint.tsx';

interface Props {
  /** What the option changes and what it costs. */
  readonly help: string;
  readonly children: ReactNode;
  /** Classes that lay label and control out. */
  readonly shape?: string;
}

/** An option's label and control; who comes to it by keys is told what it is for. */
export const Field = ({ help, shape = 'sl', children }: Props) => (
  <Hint label={help} of="field">
    <div className={shape}>{children}</div>
  </Hint>
);

/** Says what the option is for to who points at it or touches it. */
export const FieldLabel = ({ help, children }: Omit<Props, 'shape'>) => (
  <Hint label={help} of="label">
    <span className="label">
      <span className="explained">{children}</span>
    </span>
  </Hint>
);
