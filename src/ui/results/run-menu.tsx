import { copyVerdict, deleteObstacle, deleteRun, runAgain } from '../../state/manage-runs.ts';
import type { Run } from '../../state/run.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

interface Props {
  readonly run: Run;
  readonly onRename: () => void;
}

/** What else is done with a run. */
export function RunMenu({ run, onRename }: Props) {
  const studio = useStudio();
  const obstacle = useSession((session) => deleteObstacle(session, run));
  const isBaseline = run.kind === 'baseline';
  return (
    <Menu
      width={200}
      button={
        <button type="button" className="btn icon" aria-label="More for this run">
          <Icon name="more" />
        </button>
      }
    >
      <MenuItem onSelect={() => void copyVerdict(studio)}>Copy verdict</MenuItem>
      <MenuItem onSelect={() => void runAgain(studio, run.id)}>
        {isBaseline ? 'Measure again' : 'Run again'}
      </MenuItem>
      <MenuItem obstacle={isBaseline ? obstacle : null} onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem obstacle={obstacle} onSelect={() => deleteRun(studio, run.id)}>
        Delete
      </MenuItem>
    </Menu>
  );
}
