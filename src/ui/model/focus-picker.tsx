import { useId } from 'react';
import { formatCount } from '../../report/format.ts';
import type { Focus, WeightValues } from '../../report/weight-values.ts';
import { focusValues } from '../../state/weight-values.ts';
import { Segmented } from '../segmented.tsx';
import { useStudio } from '../studio-context.tsx';

interface Props {
  readonly channels: NonNullable<WeightValues['channels']>;
  readonly focus: Focus | null;
}

type Part = 'all' | 'channel' | 'block';

/** Which values are shown: all, one channel's, or one block's, whose levels are few enough to draw. */
export function FocusPicker({ channels: { count, blocks }, focus }: Props) {
  const studio = useStudio();
  const part: Part = focus === null ? 'all' : focus.block === null ? 'channel' : 'block';
  const choices: readonly { value: Part; label: string }[] = [
    { value: 'all', label: 'All' },
    { value: 'channel', label: 'Channel' },
    ...(blocks > 1 ? [{ value: 'block', label: 'Block' } as const] : []),
  ];
  const choose = (next: Part) => {
    const channel = focus?.channel ?? 0;
    if (next === 'all') focusValues(studio, null);
    else focusValues(studio, { channel, block: next === 'block' ? (focus?.block ?? 0) : null });
  };
  return (
    <div className="row wrap-row focus">
      <Segmented name="Values of" value={part} choices={choices} onChange={choose} small />
      {focus && (
        <Counter
          name="Channel"
          value={focus.channel}
          count={count}
          onChange={(channel) => focusValues(studio, { ...focus, channel })}
        />
      )}
      {focus && focus.block !== null && (
        <Counter
          name="Block"
          value={focus.block}
          count={blocks}
          onChange={(block) => focusValues(studio, { ...focus, block })}
        />
      )}
    </div>
  );
}

interface CounterProps {
  readonly name: string;
  readonly value: number;
  readonly count: number;
  readonly onChange: (value: number) => void;
}

function Counter({ name, value, count, onChange }: CounterProps) {
  const id = useId();
  return (
    <span className="row s11 t3 nowrap counter">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className="text"
        aria-label={`${name} of ${formatCount(count)}`}
        type="number"
        min={0}
        max={count - 1}
        step={1}
        value={value}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          if (Number.isInteger(next) && next >= 0 && next < count) onChange(next);
        }}
      />
      <span aria-hidden="true">/ {formatCount(count)}</span>
    </span>
  );
}
