/** Lines and areas of a histogram, in a box whose base is its lower edge. */

interface Room {
  readonly width: number;
  readonly height: number;
}

/** Above the highest bar, in pixels. */
const HEAD = 6;
/** More levels than this would be a grey band. */
const MOST_LEVELS = 64;
const TICK = 4;

const heightOf = (count: number, most: number, { height }: Room): number =>
  count === 0 ? 0 : Math.max(1, (count / most) * (height - HEAD));

const at = (value: number): string => value.toFixed(2);

/** A bar a bin; what holds anything is at least a pixel high. */
export function barsPath(counts: readonly number[], most: number, box: Room): string {
  const step = box.width / counts.length;
  return counts
    .map((count, bin) => {
      const height = heightOf(count, most, box);
      const width = at(Math.max(0.5, step - 1));
      return `M${at(bin * step + 0.5)} ${box.height}v${at(-height)}h${width}v${at(height)}z`;
    })
    .join('');
}

/** The upper edge of the bars as one line of steps. */
export function outlinePath(counts: readonly number[], most: number, box: Room): string {
  const step = box.width / counts.length;
  const steps = counts.map(
    (count, bin) => `V${at(box.height - heightOf(count, most, box))}H${at((bin + 1) * step)}`,
  );
  return `M0 ${box.height}${steps.join('')}V${box.height}`;
}

/** A tick at each level, on the axis; none if there are too many to tell apart. */
export function levelsPath(levels: readonly number[], limit: number, box: Room): string {
  if (levels.length > MOST_LEVELS || limit <= 0) return '';
  return levels
    .filter((level) => Math.abs(level) <= limit)
    .map((level) => `M${at(((level / limit + 1) / 2) * box.width)} ${box.height - 1}v${TICK + 2}`)
    .join('');
}
