import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { formatNumber } from '../../report/format.ts';
import type { Values } from '../../state/state.ts';

const HEIGHT = 80;
const AXIS = 18;

interface Props {
  readonly values: Extract<Values, { status: 'ready' }>['histogram'];
}

/** Values of a weight in equal bins over ±max |w|. */
export function Histogram({ values: { counts, limit } }: Props) {
  const { ref, width } = useElementSize();
  const bars = useMemo(() => barsPath(counts, width), [counts, width]);
  const base = HEIGHT - AXIS;
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <svg role="img" aria-label="Values of the selected weight" width={width} height={HEIGHT}>
        <path d={bars} fill="var(--plain)" />
        <path d={`M0 ${base + 0.5}H${width}`} stroke="var(--line-strong)" />
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

/** Two significant decimals, or powers of ten where those would say 0. */
export const valueWords = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.01
    ? value.toExponential(1).replaceAll('-', '−')
    : formatNumber(value, 2);

function barsPath(counts: readonly number[], width: number): string {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const base = HEIGHT - AXIS;
  return counts
    .map((count, index) => {
      const height = count === 0 ? 0 : Math.max(1, (count / most) * (base - 6));
      const left = index * step + 0.5;
      return `M${left.toFixed(2)} ${base}v${-height.toFixed(2)}h${Math.max(0.5, step - 1).toFixed(2)}v${height.toFixed(2)}z`;
    })
    .join('');
}
