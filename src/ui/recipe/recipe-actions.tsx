import { useRef, useState } from 'react';
import { exportRecipe, importRecipe } from '../../state/edit-recipe.ts';
import { redoRecipe, undoRecipe } from '../../state/set-recipe.ts';
import { copyRecipeLink } from '../../state/share.ts';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { RecipeDialog } from './recipe-dialog.tsx';

/** What is done with the whole recipe. */
export function RecipeActions() {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(false);
  return (
    <>
      <UndoButtons />
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="hidden-name"
        aria-label="Recipe file"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void importRecipe(studio, file, file.name);
          event.currentTarget.value = '';
        }}
      />
      <IconButton icon="import" name="Import recipe" onClick={() => input.current?.click()} />
      <IconButton icon="export" name="Export recipe" onClick={() => exportRecipe(studio)} />
      <Menu
        width={200}
        button={
          <button type="button" className="btn icon" aria-label="More for the recipe">
            <Icon name="more" />
          </button>
        }
      >
        <MenuItem onSelect={() => void copyRecipeLink(studio)}>Copy recipe link</MenuItem>
        <MenuItem onSelect={() => setShown(true)}>Recipe as JSON</MenuItem>
      </Menu>
      <RecipeDialog opened={shown} onClose={() => setShown(false)} />
    </>
  );
}

function UndoButtons() {
  const studio = useStudio();
  const canUndo = useSession(({ history }) => history.past.length > 0);
  const canRedo = useSession(({ history }) => history.future.length > 0);
  return (
    <>
      <IconButton
        icon="undo"
        name="Undo"
        hint={canUndo ? `Undo (${MODIFIER}Z)` : 'Nothing to undo'}
        disabled={!canUndo}
        onClick={() => undoRecipe(studio)}
      />
      <IconButton
        icon="redoEdit"
        name="Redo"
        hint={canRedo ? `Redo (${SHIFTED}Z)` : 'Nothing to redo'}
        disabled={!canRedo}
        onClick={() => redoRecipe(studio)}
      />
    </>
  );
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MODIFIER = IS_MAC ? '⌘' : 'Ctrl ';
const SHIFTED = IS_MAC ? '⇧⌘' : 'Shift Ctrl ';
