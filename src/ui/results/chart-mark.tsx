import type { Axis } from '../../report/chart/axes.ts';
import { familyPath, type MarkFamily } from '../../report/chart/family-path.ts';
import type { ChartPoint } from '../../report/chart/points.ts';

export const colourOf = (family: MarkFamily): string =>
  family === 'baseline' ? 'var(--text)' : `var(--${family})`;

interface Props {
  readonly cx: number;
  readonly cy: number;
  readonly point: ChartPoint;
  readonly x: Axis;
  readonly y: Axis;
  readonly onSelect: (id: string) => void;
}

/** Filled on the front, hollow if another run is better on both axes. */
export function ChartMark({ cx, cy, point, x, y, onSelect }: Props) {
  const { family, id, name, onFront, filled = onFront } = point;
  const colour = colourOf(family);
  const words = `${name}: ${x.words(point.x)}, ${y.words(point.y)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no button element
    <g
      className="point"
      role="button"
      tabIndex={-1}
      aria-label={words}
      data-run={id}
      onClick={() => onSelect(id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onSelect(id);
      }}
    >
      <title>{words}</title>
      <circle className="point-focus" cx={cx} cy={cy} r={13} fill="transparent" />
      {family === 'baseline' ? (
        <path
          d={`M${cx - 5} ${cy - 5}l10 10M${cx + 5} ${cy - 5}l-10 10`}
          stroke={colour}
          strokeWidth={2.25}
        />
      ) : (
        <path
          d={familyPath(family, cx, cy, 6)}
          fill={filled ? colour : 'var(--surface)'}
          stroke={colour}
          strokeWidth={1.75}
        />
      )}
    </g>
  );
}
