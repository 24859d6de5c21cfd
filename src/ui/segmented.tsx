import { Fragment, useId } from 'react';

interface Props<T extends string> {
  readonly name: string;
  /** What the choice is about, for who does not see it beside. */
  readonly help?: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly small?: boolean;
  readonly fullWidth?: boolean;
}

/**
 * A radio group drawn as one control. Mantine's measures its sliding indicator whenever it is drawn
 * again, which lays out the whole page; this one has nothing to measure.
 */
export function Segmented<T extends string>(props: Props<T>) {
  const { name, help, value, choices, onChange, small = false, fullWidth = false } = props;
  const id = useId();
  return (
    <div
      className={['seg', small && 'xs', fullWidth && 'full'].filter(Boolean).join(' ')}
      role="radiogroup"
      aria-label={name}
      aria-description={help}
    >
      {choices.map((choice) => (
        <Fragment key={choice.value}>
          <input
            id={`${id}-${choice.value}`}
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <label htmlFor={`${id}-${choice.value}`}>{choice.label}</label>
        </Fragment>
      ))}
    </div>
  );
}
