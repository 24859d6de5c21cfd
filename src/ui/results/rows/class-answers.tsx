import { formatCount } from '../../../report/format.ts';
import type { RowSources } from '../../../state/row-filter.ts';
import { Icon } from '../../icon.tsx';
import { className } from './class-name.ts';

interface Props {
  /** Index in the data set. */
  readonly row: number;
  readonly names: readonly string[];
  readonly sources: RowSources;
}

/** The class that is right, and those that A and B gave. */
export function ClassAnswers({ row, names, sources: { a, b, labels } }: Props) {
  const right = labels?.[row] ?? null;
  return (
    <>
      <dt>Row</dt>
      <dd>{formatCount(row + 1)}</dd>
      {right !== null && (
        <>
          <dt>Right</dt>
          <dd className="ell">{className(names, right)}</dd>
        </>
      )}
      {a && <Answer letter="A" answer={a[row] ?? -1} {...{ right, names }} />}
      {b && <Answer letter="B" answer={b[row] ?? -1} {...{ right, names }} />}
    </>
  );
}

interface AnswerProps {
  readonly letter: 'A' | 'B';
  readonly answer: number;
  readonly right: number | null;
  readonly names: readonly string[];
}

function Answer({ letter, answer, right, names }: AnswerProps) {
  const isWrong = right !== null && answer !== right;
  return (
    <>
      <dt>{letter}</dt>
      <dd className={isWrong ? 'ell bad' : 'ell'} title={className(names, answer)}>
        {isWrong && <Icon name="x" small />}
        {className(names, answer)}
        {isWrong && <span className="hidden-name"> (wrong)</span>}
      </dd>
    </>
  );
}
