import type { ReactNode } from 'react';

interface Props {
  /** Accessible name of the region and its title. */
  readonly name: 'Model' | 'Recipe' | 'Results';
  readonly sub: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One of the three parts of the workbench. */
export function Panel({ name, sub, actions, children }: Props) {
  return (
    <section className="panel" id={name} aria-label={name} tabIndex={-1}>
      <div className="phead">
        <h2>{name}</h2>
        <span className="sub ell">{sub}</span>
        <span className="right">{actions}</span>
      </div>
      {children}
    </section>
  );
}
