import { useId, useState } from 'react';
import { formatCount } from '../../report/format.ts';
import { type MadeInput, TEXT_LIMIT, type TrialForm } from '../../report/trial.ts';
import { clearInput, giveInput } from '../../state/try.ts';
import { useSession, useStudio } from '../studio-context.tsx';

type TextForm = Extract<TrialForm, { kind: 'text' | 'continuation' }>;

const HINTS = {
  text: 'Type a sentence',
  continuation: 'Type how a text begins',
} as const;

/** What is typed is answered while it is typed. */
export function TextInput({ form }: { form: TextForm }) {
  const studio = useStudio();
  const input = useSession(({ trying }) => trying.input);
  const words = useSession(({ trying }) =>
    trying.answers?.input === trying.input ? (trying.answers?.words ?? null) : null,
  );
  const [wantsPair, setWantsPair] = useState(false);
  const pairing = form.kind === 'text' ? form.pair : 'none';
  const hasPair = pairing === 'always' || (pairing === 'optional' && wantsPair);
  const [text, pair] = textsOf(input, words?.texts ?? null);
  const give = (first: string, second: string) => {
    if (first === '' && second === '') clearInput(studio);
    else giveInput(studio, { kind: 'text', text: first, pair: hasPair ? second : null });
  };
  return (
    <>
      <Field
        label={hasPair ? 'First text' : form.kind === 'text' ? 'Text' : 'Text to continue'}
        hint={HINTS[form.kind]}
        value={text}
        onChange={(value) => give(value, pair)}
      />
      {hasPair && (
        <Field
          label="Second text"
          hint="Type what it is compared with"
          value={pair}
          onChange={(value) => give(text, value)}
        />
      )}
      <div className="row between s11 t3">
        <span>
          <TokensRead />
          {pairing === 'always' && input?.kind === 'text' && (text === '' || pair === '') && (
            <span className="warn"> One text is empty: two are compared</span>
          )}
        </span>
        {pairing === 'optional' && (
          <button
            type="button"
            className="link"
            onClick={() => {
              setWantsPair(!wantsPair);
              if (text !== '') {
                giveInput(studio, { kind: 'text', text, pair: wantsPair ? null : pair });
              }
            }}
          >
            {wantsPair ? 'One text' : 'Two texts'}
          </button>
        )}
      </div>
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, hint, value, onChange }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label className="s12 t2" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className="try-text"
        rows={3}
        maxLength={TEXT_LIMIT}
        placeholder={hint}
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

/** What was typed; of a row what stands there, once that is known. */
function textsOf(input: MadeInput | null, shown: readonly string[] | null): [string, string] {
  if (input?.kind === 'text') return [input.text, input.pair ?? ''];
  const [first = '', second = ''] = input ? (shown ?? []) : [];
  return [first, second];
}

/** Said where a text is longer than what the model reads. */
function TokensRead() {
  const tokens = useSession(({ trying }) =>
    trying.answers?.input === trying.input ? (trying.answers?.words?.tokens ?? null) : null,
  );
  const continues = useSession(
    ({ trying }) =>
      trying.trial.status === 'ready' && trying.trial.summary.form.kind === 'continuation',
  );
  if (!tokens) return <span>&nbsp;</span>;
  const { read, of } = tokens;
  if (read >= of) return <span>{tokenCount(read)}</span>;
  const which = continues ? 'last' : 'first';
  return (
    <span className="warn">
      Cut: the model reads the {which} {formatCount(read)} of {tokenCount(of)}
    </span>
  );
}

const tokenCount = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'token' : 'tokens'}`;
