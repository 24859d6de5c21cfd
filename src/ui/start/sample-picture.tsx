const THREE = [
  '00111100',
  '01100110',
  '00000110',
  '00001100',
  '00111000',
  '00001100',
  '01100110',
  '00111100',
];
const PIXELS = THREE.flatMap((line, y) =>
  [...line].map((pixel, x) => ({ x, y, ink: pixel === '1' })),
);
const LINES = [
  [52, 'plain'],
  [60, 'plain'],
  [36, 'plain'],
  [58, 'line'],
  [44, 'line'],
] as const;

/** A digit of pixels for the image sample, lines of text for the others. */
export function SamplePicture({ id }: { id: string }) {
  if (id === 'digits') {
    return (
      <svg width={64} height={64} viewBox="0 0 8 8" aria-hidden="true">
        {PIXELS.map(({ x, y, ink }) => (
          <rect
            key={`${x},${y}`}
            x={x}
            y={y}
            width={0.94}
            height={0.94}
            fill={ink ? 'var(--text)' : 'var(--grid)'}
            opacity={ink ? 0.55 + ((x * 7 + y * 3) % 5) * 0.1 : 1}
          />
        ))}
      </svg>
    );
  }
  return (
    <svg width={64} height={64} aria-hidden="true">
      {LINES.map(([width, colour], index) => (
        <rect key={width} y={4 + index * 12} width={width} height={6} fill={`var(--${colour})`} />
      ))}
    </svg>
  );
}
