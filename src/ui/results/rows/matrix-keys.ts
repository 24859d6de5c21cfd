/** Which cell of a matrix a key leads to. */

export interface MatrixCell {
  readonly right: number;
  readonly given: number;
}

/** Cells that Page Up and Page Down pass. */
const PAGE = 10;

const STEPS: Readonly<Record<string, readonly [right: number, given: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** The cell after `key`, never outside the matrix; the first one from null. null: no such key. */
export function movedCell(
  from: MatrixCell | null,
  key: string,
  classCount: number,
): MatrixCell | null {
  const step = STEPS[key];
  if (!step || classCount === 0) return null;
  if (from === null) return { right: 0, given: 0 };
  const within = (index: number) => Math.min(classCount - 1, Math.max(0, index));
  return { right: within(from.right + step[0]), given: within(from.given + step[1]) };
}
