import { formatCount, formatNumber } from '../../report/format.ts';
import type { TrialSummary } from '../../report/trial.ts';
import { giveInput } from '../../state/try.ts';
import { useSession, useStudio } from '../studio-context.tsx';

/** A row of the data set in place of what is typed or drawn. */
export function RowPicker({ summary }: { summary: TrialSummary }) {
  const studio = useStudio();
  const index = useSession(({ trying }) =>
    trying.input?.kind === 'row' ? trying.input.index : null,
  );
  const { rowCount, rowsName } = summary;
  if (rowCount === 0) return null;
  const pick = (row: number) => giveInput(studio, { kind: 'row', index: row });
  return (
    <div className="try-rows row wrap-row s12 t2">
      <button
        type="button"
        className="btn"
        onClick={() => pick(Math.floor(Math.random() * rowCount))}
      >
        Pick a row
      </button>
      <label className="row">
        Row
        <input
          className="text try-number"
          type="number"
          min={1}
          max={rowCount}
          value={index === null ? '' : index + 1}
          onChange={(event) => {
            const row = event.currentTarget.valueAsNumber;
            if (Number.isInteger(row) && row >= 1 && row <= rowCount) pick(row - 1);
          }}
        />
      </label>
      <span className="t3">
        of {formatCount(rowCount)} in {rowsName}
      </span>
      <RowLabel />
    </div>
  );
}

/** What the data set says the answer is. */
function RowLabel() {
  const label = useSession(({ trying }) =>
    trying.answers?.input === trying.input && trying.input?.kind === 'row'
      ? (trying.answers.words?.label ?? null)
      : null,
  );
  const labels = useSession(({ dataset }) => dataset.labels);
  const classes = useSession(({ dataset }) => dataset.metric === 'accuracy');
  if (label === null) return null;
  const words = classes ? (labels[label] ?? `class ${label}`) : formatNumber(label, 2);
  return <span>labelled {words}</span>;
}
