import type { WeightSummary } from '../../report/model-summary.ts';
import { type Box, type Cell, squarify } from './squarify.ts';

/** A weight, or neighbours in the model that are too small to see one by one. */
export interface TreeCell {
  /** Indices into the model's weights. */
  readonly members: readonly number[];
  readonly byteLength: number;
}

export interface TreeGroup extends Box {
  readonly name: string;
  readonly cells: readonly Cell<TreeCell>[];
}

/** Weights and groups under this many square pixels share a cell or a group with others. */
const SMALLEST_AREA = 16;
/** What shared cells grow to: as many as can be drawn at once, however many weights there are. */
const SHARED_AREA = 100;

interface Group {
  readonly name: string;
  readonly members: readonly number[];
}

/** Groups of weights, each with its cells: area in proportion to the original bytes. */
export function treemapLayout(
  weights: readonly WeightSummary[],
  width: number,
  height: number,
): readonly TreeGroup[] {
  const total = weights.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (total === 0 || width <= 0 || height <= 0) return [];
  const bytesOf = (members: readonly number[]) =>
    members.reduce((sum, index) => sum + (weights[index]?.byteLength ?? 0), 0);
  const perPixel = total / (width * height);
  const isSmall = (members: readonly number[]) => bytesOf(members) < SMALLEST_AREA * perPixel;
  const groups = withoutSmall(groupsOf(weights), ({ members }) => isSmall(members));
  const whole = { x: 0, y: 0, width, height };
  return squarify(groups, ({ members }) => bytesOf(members), whole).map(({ item, ...box }) => {
    const own = item.members.filter((index) => !isSmall([index])).map((index) => [index]);
    const small = item.members.filter((index) => isSmall([index]));
    const cells = [...own, ...shared(small, bytesOf, SHARED_AREA * perPixel)].map(
      (members): TreeCell => ({ members, byteLength: bytesOf(members) }),
    );
    return { ...box, name: item.name, cells: squarify(cells, (it) => it.byteLength, box) };
  });
}

function groupsOf(weights: readonly WeightSummary[]): readonly Group[] {
  const groups = new Map<string, number[]>();
  for (const [index, { group }] of weights.entries()) {
    const members = groups.get(group);
    if (members) members.push(index);
    else groups.set(group, [index]);
  }
  return [...groups].map(([name, members]) => ({ name, members }));
}

/** Small groups together are one; a single one stays itself. */
function withoutSmall(
  groups: readonly Group[],
  isSmall: (group: Group) => boolean,
): readonly Group[] {
  const small = groups.filter(isSmall);
  if (small.length < 2) return groups;
  const members = small.flatMap((group) => group.members).sort((a, b) => a - b);
  return [...groups.filter((group) => !isSmall(group)), { name: 'other', members }];
}

/** Neighbours in bundles of at least `bytes`, the last of what is left. */
function shared(
  members: readonly number[],
  bytesOf: (members: readonly number[]) => number,
  bytes: number,
): readonly (readonly number[])[] {
  const bundles: number[][] = [];
  let room = 0;
  for (const index of members) {
    if (room <= 0) {
      bundles.push([]);
      room = bytes;
    }
    bundles.at(-1)?.push(index);
    room -= bytesOf([index]);
  }
  return bundles;
}
