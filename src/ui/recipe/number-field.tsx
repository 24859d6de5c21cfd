import { useId } from 'react';
import { showNumber } from '../../catalog/show-option.ts';
import type { NumberOption } from '../../catalog/technique.ts';
import { readNumber } from './typed-number.ts';
import { useDraft } from './use-draft.ts';

interface Props {
  readonly spec: NumberOption;
  readonly value: number;
  readonly stepName: string;
  readonly onChange: (value: number) => void;
}

/** The value of a slider, to be typed; what does not fit says so and is not taken. */
export function NumberField({ spec, value, stepName, onChange }: Props) {
  const id = useId();
  const { problem, field } = useDraft(
    showNumber(spec, value),
    (text) => readNumber(spec, text),
    (typed) => {
      if (typed !== value) onChange(typed);
    },
  );
  return (
    <>
      <input
        {...field}
        inputMode="decimal"
        aria-label={`${spec.label} typed, ${stepName}`}
        aria-describedby={problem === null ? undefined : id}
      />
      {problem !== null && (
        <p className="s11 bad problem" id={id} aria-live="polite">
          {problem}
        </p>
      )}
    </>
  );
}
