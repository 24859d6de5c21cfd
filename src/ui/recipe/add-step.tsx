import { Fragment, useId } from 'react';
import { addStep } from '../../state/edit-recipe.ts';
import { traitsOf } from '../../state/model-traits.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem, MenuLink } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { costWords, FAMILY_WORDS, type FamilyGroup, familyGroups, unusable } from './families.ts';
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
      <Techniques />
    </Menu>
  );
}

/** What the model has no use for comes last, with the reason. */
function Techniques() {
  const has = useSession(({ model }) => traitsOf(model).operators);
  const id = useId();
  const idle = familyGroups().flatMap(({ family, techniques }) =>
    techniques.flatMap(({ id: technique, technique: { label, ...it } }) => {
      const reason = unusable({ label, ...it }, has);
      return reason === null ? [] : [{ id: technique, label, family, reason }];
    }),
  );
  const isIdle = new Set(idle.map((it) => it.id));
  return (
    <>
      {familyGroups().map(({ family, techniques }) => (
        <Group
          key={family}
          group={{ family, techniques: techniques.filter((it) => !isIdle.has(it.id)) }}
        />
      ))}
      {idle.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
        <div role="group" aria-labelledby={id}>
          <p className="menu-head" id={id}>
            Not for this model
          </p>
          {idle.map((it) => (
            <MenuItem key={it.id} onSelect={() => {}} obstacle={it.reason}>
              <span aria-hidden="true">
                <FamilyMark family={it.family} />
              </span>
              <span className="grow">
                <span className="b">{it.label}</span>
                <span className="s11 line">{it.reason}</span>
              </span>
            </MenuItem>
          ))}
        </div>
      )}
    </>
  );
}

function Group({ group: { family, techniques } }: { group: FamilyGroup }) {
  const studio = useStudio();
  const id = useId();
  if (techniques.length === 0) return null;
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
              <span className="s11 t3 line">{costWords(it.technique)}</span>
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
