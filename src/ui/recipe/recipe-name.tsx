import { type KeyboardEvent, useRef, useState } from 'react';
import { MAX_NAME_LENGTH } from '../../recipe/parse-recipe.ts';
import { renameRecipe } from '../../state/edit-recipe.ts';
import { Hint } from '../hint.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/** The recipe's name, which a press makes a field; left empty, the recipe is named by what it does. */
export function RecipeName() {
  const studio = useStudio();
  const name = useSession(({ recipe }) => recipe.name);
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const done = (taken: boolean) => {
    if (taken && draft !== null) renameRecipe(studio, draft);
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    done(event.key === 'Enter');
    setTimeout(() => button.current?.focus());
  };
  if (draft === null) {
    return (
      <Hint label={`${name}. Press to rename`}>
        <button
          ref={button}
          type="button"
          className="rename ell"
          aria-label={`Rename recipe ${name}`}
          onClick={() => setDraft(name)}
        >
          {name}
        </button>
      </Hint>
    );
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed
      autoFocus
      className="text"
      type="text"
      autoComplete="off"
      maxLength={MAX_NAME_LENGTH}
      aria-label="Recipe name"
      placeholder="named by what it does"
      value={draft}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => done(true)}
    />
  );
}
