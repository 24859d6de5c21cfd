import { formatDims, formatExactBytes, formatNumber } from '../../report/format.ts';
import { selectWeight } from '../../state/look-at.ts';
import { cellSize } from '../results/cell-size.ts';
import { useStudio } from '../studio-context.tsx';
import { frontCut, lastParts } from './front-cut.ts';
import { weightColour } from './weight-colour.ts';
import type { View, WeightState } from './weight-state.ts';

/** Characters of an encoding beside its swatch. */
const ENCODING_ROOM = 15;

interface Props {
  readonly state: WeightState;
  readonly view: View;
  readonly total: number;
  /** Characters that fit the name's column. */
  readonly room: number;
  readonly rowIndex: number;
  readonly isSelected: boolean;
  /** The one row that Tab reaches. */
  readonly reachable: boolean;
}

export function WeightTableRow({
  state,
  view,
  total,
  room,
  rowIndex,
  isSelected,
  reachable,
}: Props) {
  const studio = useStudio();
  const { weight } = state;
  const select = () => void selectWeight(studio, weight.name);
  return (
    <tr
      aria-rowindex={rowIndex}
      aria-current={isSelected ? 'true' : undefined}
      className={isSelected ? 'sel' : ''}
      tabIndex={reachable ? 0 : -1}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key === 'Enter') select();
      }}
    >
      <td title={`${weight.name}, ${weight.op}, ${formatDims(weight.dims)}`}>
        <Short whole={weight.label} short={frontCut(weight.label, room)} />
      </td>
      <td className="num" title={formatExactBytes(weight.byteLength)}>
        {megabytes(weight.byteLength)}
      </td>
      {view !== 'now' && (
        <td className="num t2">{formatNumber((weight.byteLength / total) * 100, 1)}</td>
      )}
      <td title={state.reason ?? state.encoding}>
        <Encoding state={state} />
      </td>
      {view === 'now' && <td className="num">{sqnr(state)}</td>}
    </tr>
  );
}

/** Cut for the eye, whole for screen readers. */
function Short({ whole, short }: { whole: string; short: string }) {
  if (short === whole) return whole;
  return (
    <>
      <span aria-hidden="true">{short}</span>
      <span className="hidden-name">{whole}</span>
    </>
  );
}

/** Two decimals tell layers apart; smaller weights fall back to three. */
const megabytes = (bytes: number): string =>
  bytes >= 50_000 ? formatNumber(bytes / 1e6, 2) : cellSize(bytes);

function Encoding({ state }: { state: WeightState }) {
  const { encoding, failed, family, reason, pending } = state;
  if (failed) return <span className="bad">failed</span>;
  if (family === null) {
    return (
      <span className="t3">
        {encoding}
        {reason !== null && !pending && <span className="hidden-name">, {reason}</span>}
      </span>
    );
  }
  return (
    <span className="row" style={{ gap: 5 }}>
      <i className="sw" style={{ background: `var(--${weightColour(state)})` }} />
      <Short whole={encoding} short={lastParts(encoding, ENCODING_ROOM)} />
    </span>
  );
}

function sqnr({ sqnrDb, pending }: WeightState) {
  if (sqnrDb !== null) return formatNumber(sqnrDb, 1);
  return <span className="t3">{pending ? 'waits' : 'exact'}</span>;
}
