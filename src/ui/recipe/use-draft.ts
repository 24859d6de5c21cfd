import { type ChangeEvent, type FocusEvent, type KeyboardEvent, useState } from 'react';
import type { Typed } from './typed-number.ts';

/**
 * A text field that is typed into without effect: Enter or leaving it takes what was typed, Escape
 * leaves all as it was. What cannot be read is not taken, and `problem` says why.
 * - `shown` — the value in words; what is left as it is shown stays exact
 */
export function useDraft<T>(
  shown: string,
  read: (text: string) => Typed<T>,
  onTake: (value: T) => void,
) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? null : read(draft);
  const problem = typed && 'problem' in typed ? typed.problem : null;
  const take = () => {
    if (typed && 'value' in typed && draft !== shown) onTake(typed.value);
  };
  const field = {
    className: 'typed',
    type: 'text',
    autoComplete: 'off',
    'aria-invalid': problem !== null,
    value: draft ?? shown,
    onFocus: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
    onChange: (event: ChangeEvent<HTMLInputElement>) => setDraft(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' && problem === null) {
        take();
        setDraft(null);
      }
      if (event.key === 'Escape' && draft !== null) {
        event.preventDefault();
        setDraft(null);
      }
    },
    onBlur: () => {
      take();
      setDraft(null);
    },
  } as const;
  return { problem, field };
}
