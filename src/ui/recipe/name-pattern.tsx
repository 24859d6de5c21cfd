import { type RefObject, useId, useState } from 'react';
import { patternProblem } from '../../state/name-pattern.ts';
import { IconButton } from '../icon-button.tsx';

interface Props {
  /** What the recipe holds; undefined takes any name. */
  readonly pattern: string | undefined;
  readonly label: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChange: (pattern: string | undefined) => void;
  readonly onClose: () => void;
}

/** A glob or regular expression over names; a wrong one says why, and the last right one stands. */
export function NamePattern({ pattern, label, field, onChange, onClose }: Props) {
  const id = useId();
  const [typed, setTyped] = useState({ text: '', instead: pattern });
  // What was typed stands only while the recipe is as it was then.
  const wrong =
    typed.instead === pattern && patternProblem(typed.text) !== null ? typed.text : null;
  const problem = wrong === null ? null : patternProblem(wrong);
  return (
    <>
      <div className="row pick">
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          ref={field}
          className="text grow"
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder="*/attention/* or re:layer\.[0-3]"
          aria-label={label}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-help`}
          value={wrong ?? pattern ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setTyped({ text, instead: pattern });
            if (patternProblem(text) === null) onChange(text === '' ? undefined : text);
          }}
        />
        <IconButton icon="x" name={`Any name, ${label.split(', ').at(-1)}`} onClick={onClose} />
      </div>
      <p
        className={problem === null ? 's11 t3 under' : 's11 bad under'}
        id={`${id}-help`}
        aria-live="polite"
      >
        {problem ?? 'Of weights and nodes. * stands for anything; re: begins a regular expression.'}
      </p>
    </>
  );
}
