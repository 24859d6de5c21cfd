import { Fragment, useId } from 'react';
import { addStep } from '../../state/edit-recipe.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem, MenuLink } from '../menu.tsx';
import { useStudio } from '../studio-context.tsx';
import { FAMILY_WORDS, type FamilyGroup, familyGroups } from './families.ts';
import { focusStep } from './focus-step.ts';

/** Adds a step of any technique, at the place where its family acts. */
export function AddStep() {
  return (
    <Menu
      width={340}
      button={
        <button type="button" className="btn quiet" data-add-step>
          <Icon name="plus" small />
          Add step
        </button>
      }
    >
      {familyGroups().map((group) => (
        <Group key={group.family} group={group} />
      ))}
    </Menu>
  );
}

function Group({ group: { family, techniques } }: { group: FamilyGroup }) {
  const studio = useStudio();
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
    <div role="group" aria-labelledby={id}>
      <p className="menu-head" id={id}>
        {FAMILY_WORDS[family]}
      </p>
      {techniques.map((it) => (
        <Fragment key={it.id}>
          <MenuItem onSelect={() => focusStep(addStep(studio, it.id), 'card')}>
            <span aria-hidden="true">
              <FamilyMark family={family} />
            </span>
            <span className="grow">
              <span className="b">{it.technique.label}</span>
              <span className="s11 t2 line">{it.technique.summary}</span>
            </span>
          </MenuItem>
          <MenuLink
            href={it.technique.paper.url}
            name={`${it.technique.paper.label}, paper of ${it.technique.label}`}
          >
            {it.technique.paper.label}
          </MenuLink>
        </Fragment>
      ))}
    </div>
  );
}
