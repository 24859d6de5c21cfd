interface Props {
  readonly name: string;
  readonly share: number;
  readonly paused?: boolean;
}

export function ProgressBar({ name, share, paused = false }: Props) {
  return (
    <div
      className={paused ? 'prog grow paused' : 'prog grow'}
      role="progressbar"
      aria-label={name}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
