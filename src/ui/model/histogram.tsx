import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { formatCount } from '../../report/format.ts';
import type { WeightValues } from '../../report/weight-values.ts';
import { barsPath, levelsPath, outlinePath } from './histogram-paths.ts';
import { valueWords } from './value-words.ts';

const HEIGHT = 80;
const AXIS = 18;
const BASE = HEIGHT - AXIS;

interface Props {
  readonly values: WeightValues;
  /** Token of the bars after. */
  readonly colour: string;
  readonly label: string;
}

/** Values in equal bins over ±max |w|: after as bars with before as their outline, and the levels. */
export function Histogram({ values, colour, label }: Props) {
  const { ref, width } = useElementSize();
  const { before, after, limit, levels } = values;
  const paths = useMemo(() => {
    const box = { width, height: BASE };
    const most = Math.max(1, ...before.counts, ...(after?.counts ?? []));
    return {
      bars: barsPath((after ?? before).counts, most, box),
      outline: after ? outlinePath(before.counts, most, box) : '',
      levels: levels ? levelsPath(levels, limit, box) : '',
    };
  }, [before, after, limit, levels, width]);
  return (
    <div ref={ref} className="histogram-room">
      <svg
        role="img"
        aria-label={`Values of ${label}`}
        width={width}
        height={HEIGHT}
        data-after={after !== null}
      >
        <desc>{descriptionOf(values)}</desc>
        <path d={paths.bars} fill={`var(--${after ? colour : 'plain'})`} />
        <path d={paths.outline} fill="none" stroke="var(--text)" strokeWidth={1} />
        <path d={paths.levels} stroke="var(--text-2)" />
        <path d={`M0 ${BASE + 0.5}H${width}`} stroke="var(--line-strong)" />
        {[-1, -0.5, 0, 0.5, 1].map((at) => (
          <text
            key={at}
            x={((at + 1) / 2) * width}
            y={HEIGHT - 4}
            fontSize={11}
            fill="var(--text-3)"
            textAnchor={at === -1 ? 'start' : at === 1 ? 'end' : 'middle'}
          >
            {at === 0 ? '0' : valueWords(at * limit)}
          </text>
        ))}
      </svg>
    </div>
  );
}

function descriptionOf({ before, after, limit, levels }: WeightValues): string {
  const count = formatCount(before.counts.reduce((sum, it) => sum + it, 0));
  const words = (spread: WeightValues['before']) =>
    `mean ${valueWords(spread.mean)}, standard deviation ${valueWords(spread.standardDeviation)}`;
  return [
    `${count} values up to ${valueWords(limit)}`,
    `before: ${words(before)}`,
    ...(after ? [`after: ${words(after)}`] : []),
    ...(levels ? [`${levels.length} levels`] : []),
  ].join('; ');
}
