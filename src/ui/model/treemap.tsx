import { useElementSize } from '@mantine/hooks';
import { type MouseEvent, memo, useMemo, useState } from 'react';
import { formatBytes, formatCount, formatPercent } from '../../report/format.ts';
import { selectWeight, toggleMark } from '../../state/look-at.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import type { Cell } from './squarify.ts';
import { type TreeCell, type TreeGroup, treemapLayout } from './treemap-layout.ts';
import { cellAt, keptBytes, onlyState, outlines, treemapPaths } from './treemap-paths.ts';
import type { WeightState } from './weight-state.ts';

const HEIGHT = 203;

interface Props {
  /** In the order of the model's weights. */
  readonly states: readonly WeightState[];
}

/** Where the bytes are: area is what a weight takes, the solid part what stays of it. */
export const Treemap = memo(function Treemap({ states }: Props) {
  const studio = useStudio();
  const { ref, width } = useElementSize();
  const [hovered, setHovered] = useState<Cell<TreeCell> | null>(null);
  const weights = useSession(({ model }) => model.weights);
  const groups = useMemo(() => treemapLayout(weights, width, HEIGHT), [weights, width]);
  const paints = useMemo(() => treemapPaths(groups, states), [groups, states]);
  const total = useMemo(
    () => weights.reduce((sum, { byteLength }) => sum + byteLength, 0),
    [weights],
  );
  const under = ({ currentTarget, clientX, clientY }: MouseEvent) => {
    const box = currentTarget.getBoundingClientRect();
    return cellAt(groups, clientX - box.left, clientY - box.top);
  };
  const select = (event: MouseEvent) => {
    const cell = under(event);
    const only = cell && onlyState(cell.item, states);
    if (!only) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) toggleMark(studio, only.weight.name);
    else selectWeight(studio, only.weight.name);
  };
  return (
    <div ref={ref} className="treemap-box" style={{ minHeight: HEIGHT }}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut; the table does it by keyboard */}
      <svg
        className="treemap"
        role="img"
        aria-label="Where the bytes are"
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`}
        onClick={select}
        onMouseMove={(event) => setHovered(under(event))}
        onMouseLeave={() => setHovered(null)}
      >
        <desc>
          {formatCount(weights.length)} weights in {formatCount(groups.length)} groups
        </desc>
        {paints.map(({ colour, tint, solid }) => (
          <g key={colour}>
            <path d={tint} fill={`var(--${colour}-t)`} />
            <path d={solid} fill={`var(--${colour})`} opacity={colour === 'plain' ? 0.5 : 1} />
          </g>
        ))}
        <Selection groups={groups} states={states} />
        {groups.filter(hasRoom).map((group) => (
          <GroupLabel key={group.name} {...{ group, total, states }} />
        ))}
      </svg>
      {hovered && <Tip cell={hovered} {...{ states, total, width }} />}
    </div>
  );
});

interface TipProps extends Props {
  readonly cell: Cell<TreeCell>;
  /** Bytes of all weights. */
  readonly total: number;
  readonly width: number;
}

/** What is under the pointer; the table says the same to everyone. */
function Tip({ cell: { x, y, height, item }, states, total, width }: TipProps) {
  const only = onlyState(item, states);
  const stays = only?.pending ? 'waits' : `stays ${formatBytes(keptBytes(item, states))}`;
  const below = y + height < HEIGHT / 2;
  return (
    <div
      className="tip treemap-tip"
      aria-hidden="true"
      style={{
        ...(x < width / 2 ? { left: x } : { right: Math.max(0, width - x - 40) }),
        ...(below ? { top: y + height + 4 } : { bottom: HEIGHT - y + 4 }),
      }}
    >
      <span className="ell" dir="auto">
        {only?.weight.label ?? `${formatCount(item.members.length)} small weights`}
      </span>
      <span className="t2">
        {formatBytes(item.byteLength)}, {formatPercent(item.byteLength / total)}, {stays}
        {only && only.family !== null && `, ${only.encoding}`}
      </span>
    </div>
  );
}

/** The weight that is looked at in a thick line, those that are marked with it in a thin one. */
function Selection({ groups, states }: { groups: readonly TreeGroup[] } & Props) {
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const marked = useSession(({ markedWeights }) => markedWeights);
  const [thick, thin] = useMemo(
    () => [
      outlines(groups, states, (name) => name === selected),
      outlines(groups, states, (name) => name !== selected && marked.has(name)),
    ],
    [groups, states, selected, marked],
  );
  const look = { fill: 'none', stroke: 'var(--accent)', pointerEvents: 'none' } as const;
  return (
    <>
      <path {...look} d={thin} strokeWidth={1} />
      <path {...look} d={thick} strokeWidth={2} />
    </>
  );
}

interface GroupProps extends Props {
  readonly group: TreeGroup;
  readonly total: number;
}

const hasRoom = ({ width, height }: TreeGroup): boolean => width >= 44 && height >= 18;

/** The group's name; a group that is mostly one big weight says its figures too. */
function GroupLabel({ group, total, states }: GroupProps) {
  const { x, y, width, name, cells } = group;
  const [first] = cells;
  const big = first && onlyState(first.item, states);
  const detailed = big && first.width > 110 && first.height > 60;
  const room = Math.floor(((detailed ? first.width : width) - 12) / 6.4);
  const title = detailed ? lastPart(big.weight.label) : name;
  return (
    <g pointerEvents="none">
      <text x={x + 7} y={y + 16} fontSize={11} fontWeight={600} fill="var(--text)">
        {title.length > room ? `${[...title].slice(0, Math.max(1, room - 1)).join('')}…` : title}
      </text>
      {detailed && (
        <>
          <text x={x + 7} y={y + 32} fontSize={11} fill="var(--text-2)">
            {formatBytes(first.item.byteLength)}, {formatPercent(first.item.byteLength / total)}
          </text>
          <text x={x + 7} y={y + 48} fontSize={11} fill="var(--text-2)">
            {big.pending ? 'waits' : `stays: ${formatBytes(big.bytesAfter)}`}
          </text>
        </>
      )}
    </g>
  );
}

/** "word_embeddings" of "bert.embeddings.word_embeddings.weight". */
const lastPart = (label: string): string =>
  label.split(/[./]/).findLast((part) => part !== '' && part !== 'weight' && part !== 'kernel') ??
  label;
