import { useEffect, useRef, useState } from 'react';
import { canMove } from '../../recipe/steps.ts';
import { moveStep } from '../../state/edit-recipe.ts';
import { holdEdits, releaseEdits } from '../../state/set-recipe.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { stepPart } from './focus-step.ts';

/**
 * Drags a card over its neighbours. Alt with arrows and the card's menu do the same, so this is for
 * pointers alone.
 */
export function DragHandle({ index }: { index: number }) {
  const studio = useStudio();
  const [dragging, setDragging] = useState(false);
  const place = useRef(index);
  const movable = useSession(
    ({ recipe }) => canMove(recipe, index, -1) || canMove(recipe, index, 1),
  );
  useEffect(() => {
    place.current = index;
  }, [index]);
  useEffect(() => {
    if (!dragging) return;
    const stop = () => setDragging(false);
    const onMove = ({ clientY }: PointerEvent) => {
      const by = crossed(place.current, clientY);
      if (by === 0) return;
      const moved = moveStep(studio, place.current, by);
      if (moved === null || moved === place.current) return;
      place.current = moved;
      setTimeout(() => card(moved)?.scrollIntoView({ block: 'nearest' }));
    };
    holdEdits(studio);
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', stop);
    window.addEventListener('pointercancel', stop);
    return () => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', stop);
      window.removeEventListener('pointercancel', stop);
      releaseEdits(studio);
    };
  }, [dragging, studio]);
  return (
    <span
      className={dragging ? 'grip dragging' : 'grip'}
      data-movable={movable || undefined}
      title={
        movable ? 'Drag to move' : 'The only step of its family: families act in a fixed order'
      }
      aria-hidden="true"
      onPointerDown={(event) => {
        if (!movable || event.button !== 0) return;
        event.preventDefault(); // no text is selected on the way
        setDragging(true);
      }}
    >
      <Icon name="grip" />
    </span>
  );
}

const card = (index: number): HTMLElement | null =>
  document.querySelector(`[data-step="${stepPart(index, 'card')['data-step']}"]`);

/** Which neighbour's middle the pointer has passed. */
function crossed(index: number, y: number): -1 | 0 | 1 {
  const [above, below] = [card(index - 1), card(index + 1)];
  if (above && y < middle(above)) return -1;
  return below && y > middle(below) ? 1 : 0;
}

const middle = (element: HTMLElement): number => {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
};
