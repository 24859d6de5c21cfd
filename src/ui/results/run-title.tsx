import { renameRun } from '../../state/manage-runs.ts';
import type { Run } from '../../state/run.ts';
import { useStudio } from '../studio-context.tsx';

interface Props {
  readonly run: Run;
  readonly renaming: boolean;
  readonly onDone: () => void;
}

/** The run's name, or a field for another: Enter takes it, Esc does not. */
export function RunTitle({ run, renaming, onDone }: Props) {
  const studio = useStudio();
  if (!renaming) return <h3>{run.name}</h3>;
  return (
    <input
      className="rename"
      aria-label="Name of the run"
      defaultValue={run.name}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: it was asked for, and stands where the name stood
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        if (event.key === 'Enter') renameRun(studio, run.id, event.currentTarget.value);
        onDone();
      }}
      onBlur={(event) => {
        renameRun(studio, run.id, event.currentTarget.value);
        onDone();
      }}
    />
  );
}
