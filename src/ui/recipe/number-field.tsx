import { type KeyboardEvent, useId, useState } from 'react';
import { showNumber } from '../../catalog/show-option.ts';
import type { NumberOption } from '../../catalog/technique.ts';
import { readNumber } from './typed-number.ts';

interface Props {
  readonly spec: NumberOption;
  readonly value: number;
  readonly stepName: string;
  readonly onChange: (value: number) => void;
}

/** The value of a slider, to be typed; what does not fit says so and is not taken. */
export function NumberField({ spec, value, stepName, onChange }: Props) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? null : readNumber(spec, draft);
  const problem = typed && 'problem' in typed ? typed.problem : null;
  const take = () => {
    if (typed && 'value' in typed && typed.value !== value) onChange(typed.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      take();
      if (problem === null) setDraft(null);
    }
    if (event.key === 'Escape' && draft !== null) {
      event.preventDefault();
      setDraft(null);
    }
  };
  return (
    <>
      <input
        className="typed"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-label={`${spec.label} typed, ${stepName}`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : id}
        value={draft ?? showNumber(spec, value)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          take();
          setDraft(null);
        }}
      />
      {problem !== null && (
        <p className="s11 bad problem" id={id} aria-live="polite">
          {problem}
        </p>
      )}
    </>
  );
}
