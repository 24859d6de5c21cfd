/** Weights by what they belong to; layers that repeat with the same shapes are one row. */
import type { WeightState } from './weight-state.ts';

/** Weights of one name: "layer 3", "embeddings". */
export interface Block {
  readonly key: string;
  readonly label: string;
  readonly states: readonly WeightState[];
  readonly bytes: number;
  readonly bytesAfter: number;
}

/** Blocks in a row that are alike; alone where there is but one. */
export interface BlockRun {
  readonly key: string;
  /** "layer 0…5". */
  readonly label: string;
  readonly blocks: readonly Block[];
  readonly states: readonly WeightState[];
  readonly bytes: number;
  readonly bytesAfter: number;
}

/** In the model's order; numbers of a series in theirs. */
export function blockRuns(states: readonly WeightState[]): readonly BlockRun[] {
  const groups = new Map<string, WeightState[]>();
  for (const state of states) {
    const held = groups.get(state.weight.group);
    if (held) held.push(state);
    else groups.set(state.weight.group, [state]);
  }
  const series = new Map<string, Member[]>();
  for (const [label, own] of groups) {
    const repeats = own[0]?.weight.series ?? null;
    const key = repeats ? `series ${repeats.name}` : `group ${label}`;
    const members = series.get(key) ?? [];
    members.push({ block: blockOf(label, own), index: repeats?.index ?? null });
    series.set(key, members);
  }
  return [...series.values()].flatMap((members) =>
    alike(members.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))).map(runOf),
  );
}

interface Member {
  readonly block: Block;
  readonly index: number | null;
}

function alike(members: readonly Member[]): readonly (readonly Member[])[] {
  const runs: Member[][] = [];
  let shapes = '';
  for (const member of members) {
    const own = shapesOf(member.block);
    const run = runs.at(-1);
    const follows = run?.at(-1)?.index === (member.index ?? Number.NaN) - 1;
    if (run && follows && own === shapes) run.push(member);
    else runs.push([member]);
    shapes = own;
  }
  return runs;
}

/** Of what is multiplied: exporters drop single biases from some layers only. */
const shapesOf = ({ states }: Block): string =>
  states
    .map(({ weight: { op, dims, dtype } }) => `${op} ${dims.join('x')} ${dtype}`)
    .sort()
    .join('; ');

function blockOf(label: string, states: readonly WeightState[]): Block {
  return { key: `block ${label}`, label, states, ...bytesOf(states) };
}

function runOf(members: readonly Member[]): BlockRun {
  const blocks = members.map(({ block }) => block);
  const states = blocks.flatMap((block) => block.states);
  const [first] = blocks;
  const last = members.at(-1)?.index;
  const label = first?.label ?? '';
  return {
    key: `run ${label}`,
    label: members.length > 1 && last !== null ? `${label}…${last}` : label,
    blocks,
    states,
    ...bytesOf(states),
  };
}

const bytesOf = (states: readonly WeightState[]) => ({
  bytes: states.reduce((sum, { weight }) => sum + weight.byteLength, 0),
  bytesAfter: states.reduce((sum, state) => sum + state.bytesAfter, 0),
});

export type BlockRow =
  | { readonly kind: 'run'; readonly level: 1; readonly key: string; readonly run: BlockRun }
  | { readonly kind: 'block'; readonly level: 2; readonly key: string; readonly block: Block }
  | {
      readonly kind: 'weight';
      readonly level: 2 | 3;
      readonly key: string;
      readonly state: WeightState;
    };

/** What is in view: runs, and what is open in them. A run of one block has its weights at once. */
export function blockRows(
  runs: readonly BlockRun[],
  open: ReadonlySet<string>,
): readonly BlockRow[] {
  return runs.flatMap((run): readonly BlockRow[] => {
    const head = { kind: 'run', level: 1, key: run.key, run } as const;
    if (!open.has(run.key)) return [head];
    if (run.blocks.length === 1) return [head, ...weightRows(run.states, 2)];
    const inside = run.blocks.flatMap((block): readonly BlockRow[] => [
      { kind: 'block', level: 2, key: block.key, block },
      ...(open.has(block.key) ? weightRows(block.states, 3) : []),
    ]);
    return [head, ...inside];
  });
}

const weightRows = (states: readonly WeightState[], level: 2 | 3): readonly BlockRow[] =>
  states
    .toSorted((a, b) => b.weight.byteLength - a.weight.byteLength)
    .map((state) => ({ kind: 'weight', level, key: `weight ${state.weight.name}`, state }));

export type BlockSortKey = 'order' | 'bytes' | 'after';

export function sortRuns(
  runs: readonly BlockRun[],
  key: BlockSortKey,
  descending: boolean,
): readonly BlockRun[] {
  const sign = descending ? -1 : 1;
  if (key === 'order') return descending ? runs.toReversed() : runs;
  const sizeOf = (run: BlockRun) => (key === 'bytes' ? run.bytes : run.bytesAfter);
  return runs.toSorted((a, b) => sign * (sizeOf(a) - sizeOf(b)));
}

/** What is done to them, each thing once, most weights first. */
export function encodingsOf(states: readonly WeightState[]): readonly WeightState[] {
  const byWords = new Map<string, WeightState[]>();
  for (const state of states.filter(({ weight }) => weight.notCompressible === null)) {
    const held = byWords.get(state.encoding);
    if (held) held.push(state);
    else byWords.set(state.encoding, [state]);
  }
  return [...byWords.values()]
    .sort((a, b) => b.length - a.length)
    .flatMap(([first]) => first ?? []);
}
