import { useElementSize } from '@mantine/hooks';
import { memo, useMemo } from 'react';
import { formatBytes, formatPercent } from '../../report/format.ts';
import { selectWeight } from '../../state/look-at.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import type { Cell } from './squarify.ts';
import { type TreeCell, type TreeGroup, treemapLayout } from './treemap-layout.ts';
import { weightColour } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

const HEIGHT = 203;

interface Props {
  /** In the order of the model's weights. */
  readonly states: readonly WeightState[];
}

/** Where the bytes are: area is what a weight takes, the solid part what stays of it. */
export const Treemap = memo(function Treemap({ states }: Props) {
  const { ref, width } = useElementSize();
  const weights = useSession(({ model }) => model.weights);
  const groups = useMemo(() => treemapLayout(weights, width, HEIGHT), [weights, width]);
  const total = weights.reduce((sum, { byteLength }) => sum + byteLength, 0);
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
          <Group key={group.item} {...{ group, total, states }} />
        ))}
      </svg>
    </div>
  );
});

interface GroupProps extends Props {
  readonly group: TreeGroup;
  /** Bytes of all weights. */
  readonly total: number;
}

function Group({ group, total, states }: GroupProps) {
  const { x, y, width, height } = group;
  return (
    <g>
      {group.cells.map((cell) => (
        <Leaf key={cell.item.members[0]} {...{ cell, total, states }} />
      ))}
      <rect
        {...{ x, y, width, height }}
        fill="none"
        stroke="var(--surface)"
        strokeWidth={2.5}
        pointerEvents="none"
      />
      <Selection {...{ group, states }} />
      <GroupLabel {...{ group, total, states }} />
    </g>
  );
}

interface LeafProps extends Props {
  readonly cell: Cell<TreeCell>;
  readonly total: number;
}

function Leaf({ cell, total, states }: LeafProps) {
  const studio = useStudio();
  const { x, y, width, height, item } = cell;
  const only = onlyState(item, states);
  const kept = keptBytes(item, states);
  const solid = only?.pending ? 0 : Math.min(1, kept / item.byteLength);
  const colour = only && !only.pending ? weightColour(only) : 'plain';
  const inner = { width: Math.max(0.5, width - 1), height: Math.max(0.5, height - 1) };
  const label = only?.weight.label ?? `${item.members.length} small weights`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; the table does it by keyboard
    <g onClick={only && (() => void selectWeight(studio, only.weight.name))}>
      <title>{`${label}: ${formatBytes(item.byteLength)}, ${formatPercent(item.byteLength / total)}, stays ${formatBytes(kept)}`}</title>
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

const onlyState = ({ members }: TreeCell, states: readonly WeightState[]) =>
  members.length === 1 ? states[members[0] ?? 0] : undefined;

const keptBytes = ({ members }: TreeCell, states: readonly WeightState[]): number =>
  members.reduce((sum, index) => sum + (states[index]?.bytesAfter ?? 0), 0);

function Selection({ group, states }: { group: TreeGroup } & Props) {
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const cell = group.cells.find(({ item }) => {
    const only = onlyState(item, states);
    return only !== undefined && only.weight.name === selected;
  });
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

/** The group's name if it fits; a group that is mostly one big weight says its figures too. */
function GroupLabel({ group, total, states }: GroupProps) {
  const { x, y, width, height, item: name, cells } = group;
  if (width < 44 || height < 18) return null;
  const [first] = cells;
  const big = first && onlyState(first.item, states);
  const detailed = big && first.width > 110 && first.height > 60;
  const room = Math.floor(((detailed ? first.width : width) - 10) / 6.4);
  const title = detailed ? lastPart(big.weight.label) : name;
  return (
    <g pointerEvents="none">
      <text x={x + 6} y={y + 15} fontSize={11} fontWeight={600} fill="var(--text)">
        {title.length > room ? `${title.slice(0, Math.max(1, room - 1))}…` : title}
      </text>
      {detailed && (
        <>
          <text x={x + 6} y={y + 31} fontSize={11} fill="var(--text-2)">
            {formatBytes(first.item.byteLength)}, {formatPercent(first.item.byteLength / total)}
          </text>
          <text x={x + 6} y={y + 47} fontSize={11} fill="var(--text-2)">
            {big.pending ? 'waits' : `stays: ${formatBytes(big.bytesAfter)}`}
          </text>
        </>
      )}
    </g>
  );
}

/** "word_embeddings" of "bert.embeddings.word_embeddings.weight". */
const lastPart = (label: string): string =>
  label.split(/[./]/).findLast((part) => part !== 'weight' && part !== 'kernel') ?? label;
