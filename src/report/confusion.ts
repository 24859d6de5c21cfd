/** Which class was given where which was right (or which another run gave). */

/** Beyond it a matrix has more cells than screens have pixels. */
export const MOST_CLASSES = 1000;

export interface Confusion {
  readonly classCount: number;
  /** Row-major [classCount, classCount]: rows are what was right, columns what was given. */
  readonly counts: Int32Array;
  readonly total: number;
  /** Rows that have no class on one side: an answer that is not a number, a class out of range. */
  readonly outside: number;
}

/**
 * - `wanted`, `given` — class indices row by row; the shorter of the two decides how many count
 */
export function confusionOf(
  wanted: readonly number[],
  given: readonly number[],
  classCount: number,
): Confusion {
  const counts = new Int32Array(classCount * classCount);
  const total = Math.min(wanted.length, given.length);
  let outside = 0;
  for (let row = 0; row < total; row++) {
    const [right = -1, answer = -1] = [wanted[row], given[row]];
    if (isClass(right, classCount) && isClass(answer, classCount)) {
      const at = right * classCount + answer;
      counts[at] = (counts[at] ?? 0) + 1;
    } else outside++;
  }
  return { classCount, counts, total, outside };
}

const isClass = (value: number, classCount: number): boolean => value >= 0 && value < classCount;

/** Classes that names, labels or answers speak of. */
export function classCountOf(
  names: readonly string[],
  ...lists: readonly (readonly number[])[]
): number {
  let most = names.length - 1;
  for (const list of lists) for (const value of list) if (value > most) most = value;
  return most + 1;
}

export interface Confused {
  readonly right: number;
  readonly given: number;
  readonly count: number;
}

/** The cells off the diagonal with the most rows, the largest first. */
export function largestConfusions(
  { classCount, counts }: Confusion,
  limit: number,
): readonly Confused[] {
  const found: Confused[] = [];
  let least = 0;
  for (const [at, count] of counts.entries()) {
    if (count <= least && found.length >= limit) continue;
    const right = Math.floor(at / classCount);
    const given = at % classCount;
    if (count === 0 || right === given) continue;
    found.push({ right, given, count });
    if (found.length >= 4 * limit) {
      found.sort(byCount).splice(limit);
      least = found.at(-1)?.count ?? 0;
    }
  }
  return found.sort(byCount).slice(0, limit);
}

const byCount = (a: Confused, b: Confused): number =>
  b.count - a.count || a.right - b.right || a.given - b.given;
