import { useId } from 'react';

interface Props {
  readonly name: string;
  readonly detail?: string;
  /** Below the row; `doubt` where it speaks against the choice. */
  readonly note?: { readonly words: string; readonly doubt: boolean };
  /** Accessible name of the list. */
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  /** What it means to choose nothing; without it something must be chosen. */
  readonly none?: string;
  readonly onNone?: () => void;
}

/** Longer lists are typed into, with suggestions. */
const MOST_LISTED = 60;

/** A name on one side, a list of the other side's names. */
export function MatchRow(props: Props) {
  const { name, detail, note, label, value, choices, onChange } = props;
  return (
    <div className="match">
      <span className="ell" title={name}>
        <span className="b">{name}</span>
        {detail !== undefined && <span className="t3"> {detail}</span>}
      </span>
      {choices.length > MOST_LISTED ? (
        <Suggestions {...{ label, value, choices, onChange }} />
      ) : (
        <List {...props} />
      )}
      {note && <span className={note.doubt ? 's11 warn' : 's11 t3'}>{note.words}</span>}
    </div>
  );
}

function List({ label, value, choices, onChange, none, onNone }: Props) {
  return (
    <select
      className="select"
      aria-label={label}
      value={choices.findIndex((it) => it.value === value)}
      onChange={(event) => {
        const choice = choices[Number(event.currentTarget.value)];
        if (choice) onChange(choice.value);
        else onNone?.();
      }}
    >
      <option value={-1} disabled={none === undefined}>
        {none ?? 'choose'}
      </option>
      {choices.map((choice, index) => (
        <option key={choice.value} value={index}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

function Suggestions({
  label,
  value,
  choices,
  onChange,
}: Pick<Props, 'label' | 'value' | 'choices' | 'onChange'>) {
  const id = useId();
  const current = choices.find((it) => it.value === value);
  return (
    <>
      <input
        className="text"
        type="text"
        list={id}
        aria-label={label}
        placeholder="type a name"
        defaultValue={current?.label ?? ''}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          const choice = choices.find((it) => it.label === typed);
          if (choice) onChange(choice.value);
        }}
      />
      <datalist id={id}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.label} />
        ))}
      </datalist>
    </>
  );
}
