/** Names beside points: the important ones first, others only where they do not collide. */

export interface LabelWish {
  readonly id: string;
  readonly text: string;
  /** Shown where the whole text has no place. */
  readonly short?: string;
  readonly x: number;
  readonly y: number;
  readonly bold: boolean;
}

export interface PlacedLabel extends LabelWish {
  readonly left: number;
  readonly baseline: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const CHARACTER = 5.9;
const HEIGHT = 13;
const POINT = 8;

/**
 * Places the labels in the order given within `area`; one that fits nowhere is dropped, unless it
 * is bold. None covers a point or an obstacle.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  area: Box,
  obstacles: readonly Box[] = [],
): readonly PlacedLabel[] {
  const taken: Box[] = wishes.map(({ x, y }) => ({
    left: x - POINT,
    right: x + POINT,
    top: y - POINT,
    bottom: y + POINT,
  }));
  taken.push(...obstacles);
  const isFree = (box: Box) => isInside(box, area) && !taken.some((other) => overlap(box, other));
  return wishes.flatMap((wish) => {
    const texts = [wish.text, ...(wish.short === undefined ? [] : [wish.short])];
    const last = { ...wish, text: wish.short ?? wish.text };
    const found = texts
      .map((text) => ({ text, box: candidates({ ...wish, text }).find(isFree) }))
      .find(({ box }) => box !== undefined);
    const place = found?.box ?? (wish.bold ? within(candidates(last), area) : undefined);
    if (!place) return [];
    taken.push(place);
    const text = found?.text ?? last.text;
    return [{ ...wish, text, left: place.left, baseline: place.bottom - 3 }];
  });
}

const within = (places: readonly Box[], area: Box): Box | undefined =>
  places.find((box) => isInside(box, area)) ?? places[0];

/** About as wide as `text` is in 11 px. */
export const textWidth = (text: string): number => text.length * CHARACTER;

function candidates({ x, y, text }: LabelWish): readonly Box[] {
  const width = textWidth(text);
  const at = (left: number, bottom: number): Box => ({
    left,
    right: left + width,
    top: bottom - HEIGHT,
    bottom,
  });
  return [
    at(x + 12, y + 18),
    at(x + 12, y - 5),
    at(x - 12 - width, y - 5),
    at(x - 12 - width, y + 18),
    at(x - width / 2, y - 10),
    at(x - width / 2, y + 24),
  ];
}

const isInside = (box: Box, area: Box): boolean =>
  box.left >= area.left &&
  box.right <= area.right &&
  box.top >= area.top &&
  box.bottom <= area.bottom;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
