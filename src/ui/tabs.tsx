import { useEffect, useState } from 'react';
import { focusPanel } from './use-keys.ts';

const PANELS = ['Model', 'Recipe', 'Results'] as const;

/** Jump links of the stacked layout; the one in view is marked. */
export function Tabs() {
  const [inView, setInView] = useState<string>('Model');
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) setInView(target.id);
      },
      { rootMargin: '-90px 0px -70% 0px' },
    );
    for (const id of PANELS) {
      const panel = document.getElementById(id);
      if (panel) observer.observe(panel);
    }
    return () => observer.disconnect();
  }, []);
  return (
    <nav className="tabs" aria-label="Panels">
      {PANELS.map((id) => (
        <a
          key={id}
          href={`#${id}`}
          className={inView === id ? 'on' : ''}
          aria-current={inView === id ? 'true' : undefined}
          onClick={(event) => {
            event.preventDefault(); // the fragment belongs to shared results
            focusPanel(id);
          }}
        >
          {id}
        </a>
      ))}
    </nav>
  );
}
