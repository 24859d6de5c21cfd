import { CONTINUATION_LIMIT } from '../../report/trial.ts';
import { setContinueOptions } from '../../state/try.ts';
import { Segmented } from '../segmented.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/** How many tokens, and how each is chosen. */
export function ContinueFields() {
  const studio = useStudio();
  const { tokens, sampled, topK, seed } = useSession(({ trying }) => trying.options);
  return (
    <>
      <Segmented<'greedy' | 'sample'>
        name="Next token"
        small
        value={sampled ? 'sample' : 'greedy'}
        choices={[
          { value: 'greedy', label: 'Likeliest' },
          { value: 'sample', label: 'Sample' },
        ]}
        onChange={(value) => setContinueOptions(studio, { sampled: value === 'sample' })}
      />
      <NumberBox
        label="Tokens"
        value={tokens}
        most={CONTINUATION_LIMIT}
        onChange={(value) => setContinueOptions(studio, { tokens: value })}
      />
      {sampled && (
        <>
          <NumberBox
            label="Top k"
            value={topK}
            most={1000}
            onChange={(value) => setContinueOptions(studio, { topK: value })}
          />
          <NumberBox
            label="Seed"
            value={seed}
            most={999_999}
            onChange={(value) => setContinueOptions(studio, { seed: value })}
          />
        </>
      )}
    </>
  );
}

interface Props {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

function NumberBox({ label, value, most, onChange }: Props) {
  return (
    <label className="row s12 t2">
      {label}
      <input
        className="text try-number"
        type="number"
        min={1}
        max={most}
        defaultValue={value}
        onChange={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          if (Number.isInteger(typed) && typed >= 1 && typed <= most) onChange(typed);
        }}
      />
    </label>
  );
}
