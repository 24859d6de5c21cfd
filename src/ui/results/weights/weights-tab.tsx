import { Fragment, useMemo, useState } from 'react';
import { encodingHelp } from '../../../catalog/encoding-help.ts';
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatNumber,
} from '../../../report/format.ts';
import { runA, runB } from '../../../state/compare.ts';
import { selectWeight } from '../../../state/look-at.ts';
import { Glossed } from '../../glossed.tsx';
import { Spacer } from '../../spacer.tsx';
import { useSession, useStudio } from '../../studio-context.tsx';
import { Term } from '../../term.tsx';
import { useWindowedRows } from '../../use-windowed-rows.ts';
import { CompareHead } from '../compare/compare-head.tsx';
import { HardestWeights } from './hardest-weights.tsx';
import { type WeightDifference, type WeightSide, weightDifferences } from './weight-differences.ts';

const ROW_HEIGHT = 44;

/** What A and B did to each weight: encoding, bytes, signal to noise. */
export function WeightsTab() {
  const a = useSession(runA);
  const b = useSession(runB);
  const weights = useSession(({ model }) => model.weights);
  const [withSame, setWithSame] = useState(false);
  const all = useMemo(() => (a && b ? weightDifferences(weights, a, b) : []), [weights, a, b]);
  const differing = useMemo(() => all.filter(({ differs }) => differs), [all]);
  if (!a || !b) return <p className="pad s12 t3">Compress once: then weights are compared here.</p>;
  const rows = withSame ? all : differing;
  return (
    <>
      <CompareHead {...{ a, b }} />
      <HardestWeights run={b} />
      <div className="rows-head">
        <span className="s12 t2" aria-live="polite">
          {formatCount(differing.length)} of {formatCount(all.length)} weights differ
        </span>
        <label className="check s12">
          <input
            type="checkbox"
            checked={withSame}
            onChange={(event) => setWithSame(event.currentTarget.checked)}
          />
          All weights
        </label>
      </div>
      {rows.length > 0 && <Meaning rows={differing} />}
      {rows.length > 0 && <WeightRows rows={rows} />}
    </>
  );
}

function WeightRows({ rows }: { rows: readonly WeightDifference[] }) {
  const { scroll, indices, before, after } = useWindowedRows(rows.length, ROW_HEIGHT);
  return (
    <div className="weights-scroll" ref={scroll}>
      <table aria-label="Weights of A and B" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th>Weight</th>
            <th>A</th>
            <th>B</th>
          </tr>
        </thead>
        <tbody>
          <Spacer height={before} columns={3} />
          {indices.map((index) => {
            const row = rows[index];
            return row && <DifferenceRow key={row.name} row={row} rowIndex={index + 2} />;
          })}
          <Spacer height={after} columns={3} />
        </tbody>
      </table>
    </div>
  );
}

/** How weights are stored, each way once, and what the other figures of a row mean. */
function Meaning({ rows }: { rows: readonly WeightDifference[] }) {
  const ways = useMemo(() => {
    const all = rows.flatMap(({ a, b }) => [a, b]).filter(({ reason }) => reason === null);
    return [...new Set(all.map(({ encoding }) => encoding))]
      .map((encoding) => ({ encoding, help: encodingHelp(encoding) }))
      .filter(({ help }) => help !== '')
      .slice(0, MOST_WAYS);
  }, [rows]);
  return (
    <p className="pad s11 t2">
      Explained: <Glossed text="dB" />
      {ways.map(({ encoding, help }) => (
        <Fragment key={encoding}>
          , <Term meaning={help}>{encoding}</Term>
        </Fragment>
      ))}
      .
    </p>
  );
}

/** More would be a list of their own above the list. */
const MOST_WAYS = 8;

function DifferenceRow({ row, rowIndex }: { row: WeightDifference; rowIndex: number }) {
  const studio = useStudio();
  const { name, label, op, a, b } = row;
  return (
    <tr aria-rowindex={rowIndex}>
      <th scope="row">
        <button
          type="button"
          className="link ell"
          title={`${label}: show its values`}
          onClick={() => void selectWeight(studio, name)}
        >
          {label}
        </button>
        <small>{op}</small>
      </th>
      <Side side={a} other={b} />
      <Side side={b} other={a} />
    </tr>
  );
}

function Side({ side, other }: { side: WeightSide; other: WeightSide }) {
  const { encoding, byteLength, sqnrDb, reason } = side;
  const isSmaller = byteLength < other.byteLength;
  return (
    <td
      data-value={byteLength}
      title={reason ?? `${formatExactBytes(byteLength)}. ${encodingHelp(encoding)}`}
    >
      <span className="ell encoding">{encoding}</span>
      <small>
        {isSmaller ? <b>{formatBytes(byteLength)}</b> : formatBytes(byteLength)}
        {sqnrDb !== null && `, ${formatNumber(sqnrDb, 1)} dB`}
        {reason !== null && sqnrDb === null && ', left alone'}
      </small>
    </td>
  );
}
