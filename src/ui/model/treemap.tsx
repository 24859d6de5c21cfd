import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { formatBytes, formatPercent } from '../../report/format.ts';
import { selectWeight } from '../../state/look-at.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import type { Cell } from './squarify.ts';
import { type TreeCell, type TreeGroup, treemapLayout } from './treemap-layout.ts';
import { encodingColour, type WeightState } from './weight-state.ts';

const HEIGHT = 203;

/** Where the bytes are: area is what a weight takes, the solid part what stays of it. */
export function Treemap({ states }: { states: readonly WeightState[] }) {
  const { ref, width } = useElementSize();
  const groups = useMemo(() => treemapLayout(states, width, HEIGHT), [states, width]);
  const total = states.reduce((sum, { weight }) => sum + weight.byteLength, 0);
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <svg
        className="treemap"
        role="img"
        aria-label="Where the bytes are"
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`}
      >
        {groups.map((group) => (
          <Group key={group.name} group={group} total={total} />
        ))}
      </svg>
    </div>
  );
}

function Group({ group, total }: { group: TreeGroup; total: number }) {
  const { x, y, width, height } = group;
  return (
    <g>
      {group.cells.map((cell) => (
        <Leaf key={cell.item.state?.weight.name ?? 'other'} cell={cell} total={total} />
      ))}
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        fill="none"
        stroke="var(--surface)"
        strokeWidth={2.5}
        pointerEvents="none"
      />
      <Selection cells={group.cells} />
      <GroupLabel group={group} total={total} />
    </g>
  );
}

function Leaf({ cell, total }: { cell: Cell<TreeCell>; total: number }) {
  const studio = useStudio();
  const { x, y, width, height, item } = cell;
  const solid = item.pending ? 0 : Math.min(1, item.bytesAfter / item.bytesBefore);
  const colour = item.pending ? 'plain' : encodingColour(item.bits);
  const inner = { width: Math.max(0.5, width - 1), height: Math.max(0.5, height - 1) };
  const name = item.state?.weight.name ?? null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; the table does it by keyboard
    <g onClick={name === null ? undefined : () => void selectWeight(studio, name)}>
      <title>{`${item.label}: ${formatBytes(item.bytesBefore)}, ${formatPercent(item.bytesBefore / total)}, stays ${formatBytes(item.bytesAfter)}`}</title>
      <rect className="hit" x={x + 0.5} y={y + 0.5} {...inner} fill={`var(--${colour}-t)`} />
      {solid > 0 && (
        <rect
          className="hit"
          x={x + 0.5}
          y={y + 0.5 + inner.height * (1 - solid)}
          width={inner.width}
          height={inner.height * solid}
          fill={`var(--${colour})`}
          opacity={colour === 'plain' ? 0.5 : 1}
        />
      )}
    </g>
  );
}

function Selection({ cells }: { cells: readonly Cell<TreeCell>[] }) {
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const cell = cells.find(({ item }) => selected !== null && item.state?.weight.name === selected);
  if (!cell) return null;
  return (
    <rect
      x={cell.x + 1.5}
      y={cell.y + 1.5}
      width={Math.max(1, cell.width - 3)}
      height={Math.max(1, cell.height - 3)}
      fill="none"
      stroke="var(--accent)"
      strokeWidth={2}
      pointerEvents="none"
    />
  );
}

/** The group's name if it fits; a group that is one big weight says its figures too. */
function GroupLabel({ group, total }: { group: TreeGroup; total: number }) {
  const { x, y, width, height, name, cells } = group;
  if (width < 44 || height < 18) return null;
  const [first] = cells;
  const share = first ? first.item.bytesBefore / total : 0;
  const detailed = first?.item.state && cells.length === 1 && width > 110 && height > 60;
  const room = Math.floor((width - 10) / 6.2);
  const title = detailed ? lastPart(first.item.label) : name;
  return (
    <g pointerEvents="none">
      <text x={x + 6} y={y + 15} fontSize={11} fontWeight={600} fill="var(--text)">
        {title.length > room ? `${title.slice(0, Math.max(1, room - 1))}…` : title}
      </text>
      {detailed && (
        <>
          <text x={x + 6} y={y + 31} fontSize={11} fill="var(--text-2)">
            {formatBytes(first.item.bytesBefore)}, {formatPercent(share)}
          </text>
          <text x={x + 6} y={y + 47} fontSize={11} fill="var(--text-2)">
            {first.item.pending ? 'next' : `stays: ${formatBytes(first.item.bytesAfter)}`}
          </text>
        </>
      )}
    </g>
  );
}

const lastPart = (label: string): string => label.split(/[./]/).at(-1) ?? label;
