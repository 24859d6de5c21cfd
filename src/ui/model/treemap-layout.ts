import { type Cell, squarify } from './squarify.ts';
import type { WeightState } from './weight-state.ts';

/** A weight, or the weights of a group that are too small to see. */
export interface TreeCell {
  readonly state: WeightState | null;
  readonly label: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly bits: number;
  readonly pending: boolean;
}

export interface TreeGroup extends Cell<readonly WeightState[]> {
  readonly name: string;
  readonly cells: readonly Cell<TreeCell>[];
}

/** Cells under this many square pixels are merged into one of their group. */
const SMALLEST_AREA = 4;

/** Groups of weights, each with its cells: area in proportion to the original bytes. */
export function treemapLayout(
  states: readonly WeightState[],
  width: number,
  height: number,
): readonly TreeGroup[] {
  const groups = new Map<string, WeightState[]>();
  for (const state of states) {
    const members = groups.get(state.weight.group);
    if (members) members.push(state);
    else groups.set(state.weight.group, [state]);
  }
  const total = bytes(states);
  if (total === 0 || width <= 0 || height <= 0) return [];
  const pixels = (width * height) / total;
  const boxes = squarify([...groups], ([, members]) => bytes(members), {
    x: 0,
    y: 0,
    width,
    height,
  });
  return boxes.map(({ item: [name, members], ...box }) => ({
    ...box,
    item: members,
    name,
    cells: squarify(mergeSmall(members, pixels), ({ bytesBefore }) => bytesBefore, box),
  }));
}

function mergeSmall(members: readonly WeightState[], pixels: number): readonly TreeCell[] {
  const isSmall = ({ weight }: WeightState) => weight.byteLength * pixels < SMALLEST_AREA;
  const small = members.filter(isSmall);
  const cells = members.filter((it) => !isSmall(it)).map(toCell);
  if (small.length === 0) return cells;
  const other: TreeCell = {
    state: null,
    label: `${small.length} small weights`,
    bytesBefore: bytes(small),
    bytesAfter: small.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0),
    bits: 32,
    pending: false,
  };
  return [...cells, other];
}

const toCell = (state: WeightState): TreeCell => ({
  state,
  label: state.weight.label,
  bytesBefore: state.weight.byteLength,
  bytesAfter: state.bytesAfter,
  bits: state.bits,
  pending: state.pending,
});

const bytes = (states: readonly WeightState[]): number =>
  states.reduce((sum, { weight }) => sum + weight.byteLength, 0);
