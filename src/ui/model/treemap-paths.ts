/** What the treemap draws: a few paths, however many weights there are. */
import type { Box, Cell } from './squarify.ts';
import type { TreeCell, TreeGroup } from './treemap-layout.ts';
import { weightColour } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

export interface Paint {
  /** Token of the solid part; the tint is named after it. */
  readonly colour: string;
  /** Whole cells, and the part of them that stays. */
  readonly tint: string;
  readonly solid: string;
}

/** Space between two weights, and between two groups, in pixels. */
const GAP = 1;
const GROUP_GAP = 2.5;

/** The cells' rectangles by colour; `states` are in the order of the model's weights. */
export function treemapPaths(
  groups: readonly TreeGroup[],
  states: readonly WeightState[],
): readonly Paint[] {
  const paints = new Map<string, { tint: string[]; solid: string[] }>();
  for (const group of groups) {
    for (const cell of group.cells) {
      const { colour, share } = lookOf(cell.item, states);
      const paint = paints.get(colour) ?? { tint: [], solid: [] };
      paints.set(colour, paint);
      const box = insetIn(cell, group);
      paint.tint.push(rectangle(box));
      if (share > 0) {
        const height = box.height * share;
        paint.solid.push(rectangle({ ...box, y: box.y + box.height - height, height }));
      }
    }
  }
  return [...paints].map(([colour, { tint, solid }]) => ({
    colour,
    tint: tint.join(''),
    solid: solid.join(''),
  }));
}

/** Lines just inside the cells of single weights whose names are wanted. */
export const outlines = (
  groups: readonly TreeGroup[],
  states: readonly WeightState[],
  isWanted: (name: string) => boolean,
): string =>
  groups
    .flatMap((group) =>
      group.cells.flatMap((cell) => {
        const only = onlyState(cell.item, states);
        if (!only || !isWanted(only.weight.name)) return [];
        const { x, y, width, height } = insetIn(cell, group);
        const inner = { width: Math.max(1, width - 2), height: Math.max(1, height - 2) };
        return rectangle({ x: x + 1, y: y + 1, ...inner });
      }),
    )
    .join('');

/** A cell without the gaps: half a gap to its neighbours, more where its group ends. */
function insetIn(cell: Box, group: Box): Box {
  const near = (a: number, b: number) => (Math.abs(a - b) < 0.01 ? GROUP_GAP / 2 : GAP / 2);
  const left = near(cell.x, group.x);
  const top = near(cell.y, group.y);
  const right = near(cell.x + cell.width, group.x + group.width);
  const bottom = near(cell.y + cell.height, group.y + group.height);
  return {
    x: cell.x + left,
    y: cell.y + top,
    width: Math.max(0.5, cell.width - left - right),
    height: Math.max(0.5, cell.height - top - bottom),
  };
}

/** The one weight of a cell; undefined for several. */
export const onlyState = ({ members }: TreeCell, states: readonly WeightState[]) =>
  members.length === 1 ? states[members[0] ?? 0] : undefined;

export const keptBytes = ({ members }: TreeCell, states: readonly WeightState[]): number =>
  members.reduce((sum, index) => sum + (states[index]?.bytesAfter ?? 0), 0);

/** The cell at a point of the picture; null outside of all. */
export function cellAt(groups: readonly TreeGroup[], x: number, y: number): Cell<TreeCell> | null {
  const group = groups.find((box) => isIn(box, x, y));
  return group?.cells.find((box) => isIn(box, x, y)) ?? null;
}

const isIn = (box: Box, x: number, y: number): boolean =>
  x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;

function lookOf(item: TreeCell, states: readonly WeightState[]) {
  let colour: string | null = null;
  let kept = 0;
  for (const index of item.members) {
    const state = states[index];
    if (!state || state.pending) continue;
    kept += state.bytesAfter;
    const own = weightColour(state);
    colour = colour === null || colour === own ? own : 'plain';
  }
  return { colour: colour ?? 'plain', share: Math.min(1, kept / item.byteLength) };
}

const rectangle = ({ x, y, width, height }: Box): string =>
  `M${at(x)} ${at(y)}h${at(width)}v${at(height)}h${at(-width)}z`;

const at = (value: number): string => String(Math.round(value * 100) / 100);
