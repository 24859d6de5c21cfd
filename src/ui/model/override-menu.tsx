import { useId, useMemo } from 'react';
import { type OverrideGroup, overrideChoices } from '../../recipe/override-choices.ts';
import { stepsOf } from '../../report/plan-summary.ts';
import { placesOf } from '../../state/override-places.ts';
import { leaveAlone, overrideWeights, releaseWeights } from '../../state/override-weights.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Icon } from '../icon.tsx';
import { Menu, MenuItem } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { useOverrides } from './use-overrides.ts';
import type { WeightState } from './weight-state.ts';

type Chosen = Pick<WeightState, 'weight'>;

interface Props {
  readonly chosen: readonly Chosen[];
  /** Names the button where there are several. */
  readonly of?: string;
}

/** What the chosen weights get in place of what the recipe's steps do to all. */
export function OverrideMenu({ chosen, of }: Props) {
  const studio = useStudio();
  const markOf = useOverrides();
  const groups = useGroups(chosen);
  const names = chosen.map(({ weight }) => weight.name);
  const isSpoken = names.some((name) => markOf(name) !== null);
  const isAlone = names.every((name) => markOf(name) === 'alone');
  return (
    <Menu
      width={260}
      button={
        <button
          type="button"
          className="btn small"
          aria-label={of === undefined ? undefined : `Override ${of}`}
          title="What these weights get in place of the recipe's general steps"
        >
          Override
          <Icon name="down1" small />
        </button>
      }
    >
      <MenuItem onSelect={() => releaseWeights(studio, names)}>
        <span className="grow">As the recipe's steps say</span>
        {!isSpoken && <Icon name="check" small />}
      </MenuItem>
      <MenuItem onSelect={() => leaveAlone(studio, names)}>
        <span className="grow">Leave alone</span>
        {isAlone && <Icon name="check" small />}
      </MenuItem>
      {groups.map((group) => (
        <Group key={group.technique} group={group} names={names} />
      ))}
    </Menu>
  );
}

function Group({ group, names }: { group: OverrideGroup; names: readonly string[] }) {
  const studio = useStudio();
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
    <div role="group" aria-labelledby={id} className="choices">
      <p className="menu-head row" id={id}>
        <span aria-hidden="true">
          <FamilyMark family={group.family} />
        </span>
        {group.label}
      </p>
      {group.choices.map((choice) => (
        <MenuItem
          key={choice.phrase}
          onSelect={() => overrideWeights(studio, names, choice)}
          obstacle={choice.obstacle}
        >
          <span className="grow">
            {choice.phrase}
            {choice.obstacle !== null && <span className="s11 line">{choice.obstacle}</span>}
          </span>
          {choice.isCurrent && <Icon name="check" small />}
        </MenuItem>
      ))}
    </div>
  );
}

/** Steps that take all of the chosen weights now lend their options. */
function useGroups(chosen: readonly Chosen[]): readonly OverrideGroup[] {
  const recipe = useSession((session) => session.recipe);
  const plan = useSession(({ planning }) => planning.plan);
  return useMemo(() => {
    const names = new Set(chosen.map(({ weight }) => weight.name));
    const operators = new Set(chosen.flatMap(({ weight }) => weight.uses.map(({ op }) => op)));
    const taken = plan?.weights
      .filter(({ name }) => names.has(name))
      .map((weight) => new Set(stepsOf(weight)));
    const now = recipe.steps.filter((_, index) => taken?.every((steps) => steps.has(index)));
    const places = placesOf(chosen.map(({ weight }) => weight));
    return overrideChoices(operators, taken && taken.length > 0 ? now : [], {
      places: places ?? [],
      target: recipe.target,
    });
  }, [chosen, recipe, plan]);
}
