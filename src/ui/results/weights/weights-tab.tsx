import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatNumber,
} from '../../../report/format.ts';
import { runA, runB } from '../../../state/compare.ts';
import { selectWeight } from '../../../state/look-at.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { CompareHead } from '../compare/compare-head.tsx';
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
      {rows.length > 0 && <WeightRows rows={rows} />}
    </>
  );
}

function WeightRows({ rows }: { rows: readonly WeightDifference[] }) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    initialRect: { width: 400, height: 360 },
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
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
          <Spacer height={before} />
          {items.map(({ index }) => {
            const row = rows[index];
            return row && <DifferenceRow key={row.name} row={row} rowIndex={index + 2} />;
          })}
          <Spacer height={after} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr className="spacer">
      <td colSpan={3} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
}

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
    <td data-value={byteLength} title={reason ?? formatExactBytes(byteLength)}>
      <span className="ell encoding">{encoding}</span>
      <small>
        {isSmaller ? <b>{formatBytes(byteLength)}</b> : formatBytes(byteLength)}
        {sqnrDb !== null && `, ${formatNumber(sqnrDb, 1)} dB`}
        {reason !== null && ', left alone'}
      </small>
    </td>
  );
}
