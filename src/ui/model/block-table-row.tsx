import { formatBytes, formatCount, formatExactBytes, formatNumber } from '../../report/format.ts';
import { Icon } from '../icon.tsx';
import { type BlockRow, encodingsOf } from './blocks.ts';
import { megabytes, Short } from './cells.tsx';
import { frontCut } from './front-cut.ts';
import { textWidth } from './text-width.ts';
import { weightColour } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

/** Of a level, in pixels. */
const INDENT = 14;

/** Bold letters are wider by a tenth at most. */
const boldWidth = (text: string): number => textWidth(text) * 1.1;

interface Props {
  readonly row: BlockRow;
  /** Of a name in its column, in pixels. */
  readonly room: number;
  readonly total: number;
  readonly rowIndex: number;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly reachable: boolean;
  readonly onChoose: () => void;
  readonly onExpand: (expanded: boolean) => void;
}

export function BlockTableRow(props: Props) {
  const { row, room, total, rowIndex, isOpen, isChosen, reachable, onChoose, onExpand } = props;
  const { label, bytes, bytesAfter, states } = contentOf(row);
  const isLeaf = row.kind === 'weight';
  const repeats = row.kind === 'run' && row.run.blocks.length > 1;
  return (
    <tr
      aria-label={isLeaf ? label : `${label}, ${formatCount(states.length)} weights`}
      aria-rowindex={rowIndex}
      aria-level={row.level}
      aria-expanded={isLeaf ? undefined : isOpen}
      aria-selected={isChosen}
      className={isChosen ? 'sel' : ''}
      tabIndex={reachable ? 0 : -1}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose();
      }}
    >
      <td title={isLeaf ? row.state.weight.name : label}>
        <span className={`row block-name level-${row.level}`}>
          {isLeaf ? (
            <span className="twist" />
          ) : (
            <button
              type="button"
              className="twist"
              tabIndex={-1}
              aria-hidden="true"
              onClick={(event) => {
                event.stopPropagation();
                onExpand(!isOpen);
              }}
            >
              <Icon name="right" small />
            </button>
          )}
          <span className={isLeaf ? 'ell' : 'ell b'}>
            <Short
              whole={label}
              short={frontCut(
                label,
                room - INDENT * (row.level - 1),
                isLeaf ? textWidth : boldWidth,
              )}
            />
          </span>
          <Swatches states={states} />
          {repeats && (
            <span className={room > WIDE ? 't3 nowrap' : 'hidden-name'}>, same shapes</span>
          )}
        </span>
      </td>
      <td className="num" title={formatExactBytes(bytes)}>
        {repeats ? (
          <>
            <span className="t3">
              {formatCount(row.run.blocks.length)} × {megabytes(bytes / row.run.blocks.length)}
            </span>
            <span className="hidden-name">, {formatBytes(bytes)} together</span>
          </>
        ) : (
          megabytes(bytes)
        )}
      </td>
      <td className="num" title={formatExactBytes(bytesAfter)}>
        {megabytes(bytesAfter)}
      </td>
      <td className="num t2">{formatNumber((bytes / total) * 100, 1)}</td>
    </tr>
  );
}

/** What is done to the weights of a row, in colours and in words for those who hear it. */
function Swatches({ states }: { states: readonly WeightState[] }) {
  const done = encodingsOf(states);
  if (done.length === 0) return null;
  const words = done.map(({ encoding }) => encoding).join(', ');
  return (
    <span className="row" style={{ gap: 3 }} title={words}>
      {done.slice(0, MOST_SWATCHES).map((state) => (
        <i
          key={state.encoding}
          className="sw"
          style={{ background: `var(--${weightColour(state)})` }}
        />
      ))}
      <span className="hidden-name">, {words}</span>
    </span>
  );
}

/** Room that a name must have before notes stand beside it, in pixels. */
const WIDE = 245;
const MOST_SWATCHES = 4;

interface Content {
  readonly label: string;
  readonly bytes: number;
  readonly bytesAfter: number;
  readonly states: readonly WeightState[];
}

function contentOf(row: BlockRow): Content {
  switch (row.kind) {
    case 'run':
      return row.run;
    case 'block':
      return row.block;
    case 'weight': {
      const { weight, bytesAfter } = row.state;
      const label = withoutGroup(weight.label, weight.group);
      return { label, bytes: weight.byteLength, bytesAfter, states: [row.state] };
    }
  }
}

/** "attention.query" of "encoder.layer.3.attention.query.weight": the rows above say the rest. */
function withoutGroup(label: string, group: string): string {
  const [, index] = /(\d+)$/.exec(group) ?? [];
  const parts = label.split(/[./]/).filter(Boolean);
  const at = parts.findIndex((part) => part === index || part === group);
  const own = parts.slice(at + 1);
  const isPlain = own.length > 1 && own.at(-1) === 'weight';
  return (isPlain ? own.slice(0, -1) : own).join('.') || label;
}
