import type { WeightSummary } from '../../report/model-summary.ts';
import { type Cell, squarify } from './squarify.ts';

/** A weight, or the weights of a group that are too small to see. */
export interface TreeCell {
  /** Indices into the model's weights. */
  readonly members: readonly number[];
  readonly byteLength: number;
}

export interface TreeGroup extends Cell<string> {
  readonly cells: readonly Cell<TreeCell>[];
}

/** Weights under this many square pixels are merged into one cell of their group. */
const SMALLEST_AREA = 4;

/** Groups of weights, each with its cells: area in proportion to the original bytes. */
export function treemapLayout(
  weights: readonly WeightSummary[],
  width: number,
  height: number,
): readonly TreeGroup[] {
  const groups = new Map<string, number[]>();
  for (const [index, { group }] of weights.entries()) {
    const members = groups.get(group);
    if (members) members.push(index);
    else groups.set(group, [index]);
  }
  const bytes = (members: readonly number[]) =>
    members.reduce((sum, index) => sum + (weights[index]?.byteLength ?? 0), 0);
  const total = weights.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (total === 0 || width <= 0 || height <= 0) return [];
  const smallest = (SMALLEST_AREA * total) / (width * height);
  const whole = { x: 0, y: 0, width, height };
  return squarify([...groups], ([, members]) => bytes(members), whole).map((box) => {
    const [name, members] = box.item;
    const isSmall = (index: number) => (weights[index]?.byteLength ?? 0) < smallest;
    const own = members.filter((index) => !isSmall(index)).map((index) => [index]);
    const cells = [...own, members.filter(isSmall)].map(
      (part): TreeCell => ({ members: part, byteLength: bytes(part) }),
    );
    return { ...box, item: name, cells: squarify(cells, ({ byteLength }) => byteLength, box) };
  });
}
