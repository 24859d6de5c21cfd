import { useId } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { ChartPoint } from '../../report/chart/points.ts';
import { colourOf } from './chart-mark.tsx';

const CAP = 3;

/** The points' intervals. recharts' own error bars run out of the plot when it shows a part. */
export function ErrorBars({ points }: { points: readonly ChartPoint[] }) {
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  const area = usePlotArea();
  const clipId = useId();
  if (!scaleX || !scaleY || !area) return null;
  return (
    <>
      <clipPath id={clipId}>
        <rect x={area.x} y={area.y} width={area.width} height={area.height} />
      </clipPath>
      <g clipPath={`url(#${clipId})`} strokeWidth={1.25}>
        {points.map(({ id, family, x, y, error: [below, above] }) => {
          if (below === 0 && above === 0) return null;
          const at = scaleX(x) ?? 0;
          const [low, high] = [scaleY(y - below) ?? 0, scaleY(y + above) ?? 0];
          const cap = `h${2 * CAP}`;
          return (
            <path
              key={id}
              d={`M${at} ${low}V${high}M${at - CAP} ${low}${cap}M${at - CAP} ${high}${cap}`}
              stroke={colourOf(family)}
            />
          );
        })}
      </g>
    </>
  );
}
