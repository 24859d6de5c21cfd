import { useRef } from 'react';
import { renameRun } from '../../state/manage-runs.ts';
import type { Run } from '../../state/run.ts';
import { useStudio } from '../studio-context.tsx';

/** The menu that the field comes from gives the focus back to its button a moment after. */
const FOCUS_RETURNS_MS = 150;

interface Props {
  readonly run: Run;
  readonly renaming: boolean;
  readonly onDone: () => void;
}

/** The run's name, or a field for another: Enter takes it, Esc does not. */
export function RunTitle({ run, renaming, onDone }: Props) {
  const studio = useStudio();
  const shownAt = useRef(0);
  if (!renaming) {
    shownAt.current = 0;
    return <h3>{run.name}</h3>;
  }
  return (
    <input
      className="run-rename"
      aria-label="Name of the run"
      defaultValue={run.name}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: it was asked for, and stands where the name stood
      autoFocus
      onFocus={(event) => {
        if (shownAt.current === 0) shownAt.current = performance.now();
        event.currentTarget.select();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        if (event.key === 'Enter') renameRun(studio, run.id, event.currentTarget.value);
        onDone();
      }}
      onBlur={(event) => {
        if (performance.now() - shownAt.current < FOCUS_RETURNS_MS) {
          event.currentTarget.focus();
          return;
        }
        renameRun(studio, run.id, event.currentTarget.value);
        onDone();
      }}
    />
  );
}
