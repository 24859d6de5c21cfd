import { canMove } from '../../recipe/steps.ts';
import { duplicateStep, moveStep, removeStep, setEnabled } from '../../state/edit-recipe.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { focusStep, stepPart } from './focus-step.ts';

const FIXED_ORDER = 'Families act in a fixed order; a step moves within its own';

/** What can be done with a whole step. */
export function StepMenu({ index, stepName }: { index: number; stepName: string }) {
  const studio = useStudio();
  const up = useSession(({ recipe }) => canMove(recipe, index, -1));
  const down = useSession(({ recipe }) => canMove(recipe, index, 1));
  const enabled = useSession(({ recipe }) => recipe.steps[index]?.enabled ?? true);
  const move = (by: -1 | 1) => focusStep(moveStep(studio, index, by), 'menu');
  return (
    <Menu
      button={
        <button
          type="button"
          className="btn icon"
          aria-label={`More for ${stepName}`}
          title="Duplicate, disable, move, remove"
          {...stepPart(index, 'menu')}
        >
          <Icon name="more" />
        </button>
      }
    >
      <MenuItem onSelect={() => focusStep(duplicateStep(studio, index), 'menu')}>
        Duplicate
      </MenuItem>
      <MenuItem onSelect={() => setEnabled(studio, index, !enabled)}>
        {enabled ? 'Disable' : 'Enable'}
      </MenuItem>
      <MenuItem obstacle={up ? null : FIXED_ORDER} onSelect={() => move(-1)}>
        Move up <kbd>Alt ↑</kbd>
      </MenuItem>
      <MenuItem obstacle={down ? null : FIXED_ORDER} onSelect={() => move(1)}>
        Move down <kbd>Alt ↓</kbd>
      </MenuItem>
      <MenuItem
        onSelect={() => {
          removeStep(studio, index);
          focusStep(index, 'menu');
        }}
      >
        Remove
      </MenuItem>
    </Menu>
  );
}
