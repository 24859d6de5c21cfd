import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { encodingHelp } from '../../catalog/encoding-help.ts';
import { formatCount, formatDims, formatExactBytes, formatNumber } from '../../report/format.ts';
import { Encoding, megabytes, Short, sqnrCell } from './cells.tsx';
import type { Column } from './columns.ts';
import { frontCut } from './front-cut.ts';
import { OwnMark } from './own-mark.tsx';
import type { RowMark } from './row-mark.ts';
import { textWidth } from './text-width.ts';
import type { WeightState } from './weight-state.ts';

/** Of the mark behind a name, in pixels. */
const MARK_WIDTH = 14;

interface Props {
  readonly state: WeightState;
  readonly columns: readonly Column[];
  readonly total: number;
  /** Of a name in its column, in pixels. */
  readonly room: number;
  readonly rowIndex: number;
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  /** Whether the recipe speaks of this weight alone. */
  readonly mark: RowMark;
  /** The one row that Tab reaches. */
  readonly reachable: boolean;
  readonly onSelect: (event: MouseEvent | KeyboardEvent) => void;
  readonly onToggle: () => void;
}

export function WeightTableRow(props: Props) {
  const { state, columns, rowIndex, isSelected, isMarked, reachable, onSelect, onToggle } = props;
  return (
    <tr
      aria-label={state.weight.label}
      aria-rowindex={rowIndex}
      aria-current={isSelected ? 'true' : undefined}
      className={[isSelected && 'sel', isMarked && 'marked'].filter(Boolean).join(' ')}
      tabIndex={reachable ? 0 : -1}
      onClick={onSelect}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') onSelect(event);
        if (event.key !== ' ') return;
        event.preventDefault();
        onToggle();
      }}
    >
      {columns.map((column) => (
        <td
          key={column.key}
          className={column.numeric ? 'num' : ''}
          title={titleOf(column, state)}
          {...(column.key === 'name' && { dir: 'ltr' })}
        >
          {contentOf(column, props)}
        </td>
      ))}
    </tr>
  );
}

function titleOf({ key }: Column, { weight, reason, encoding, bytesAfter }: WeightState) {
  switch (key) {
    case 'name':
      return `${weight.name}, ${weight.op}, ${formatDims(weight.dims)}`;
    case 'bytes':
      return formatExactBytes(weight.byteLength);
    case 'after':
      return formatExactBytes(bytesAfter);
    case 'elements':
      return formatCount(weight.elementCount);
    case 'encoding':
      return reason ?? (encodingHelp(encoding) || encoding);
    default:
      return undefined;
  }
}

function contentOf({ key }: Column, { state, total, room, isMarked, mark, onToggle }: Props) {
  const { weight, bytesAfter } = state;
  const contents: Readonly<Record<Column['key'], () => ReactNode>> = {
    name: () => (
      <>
        <input
          type="checkbox"
          className="mark"
          aria-label={`Mark ${weight.label}`}
          tabIndex={-1}
          checked={isMarked}
          onClick={(event) => event.stopPropagation()}
          onChange={onToggle}
        />
        <Short
          whole={weight.label}
          short={frontCut(weight.label, mark ? room - MARK_WIDTH : room, textWidth)}
        />
        {mark && <OwnMark mark={mark} />}
      </>
    ),
    op: () => weight.op,
    shape: () => formatDims(weight.dims),
    elements: () => formatCount(weight.elementCount),
    bytes: () => megabytes(weight.byteLength),
    share: () => <span className="t2">{formatNumber((weight.byteLength / total) * 100, 1)}</span>,
    after: () => megabytes(bytesAfter),
    encoding: () => <Encoding state={state} />,
    sqnr: () => sqnrCell(state),
  };
  return contents[key]();
}
