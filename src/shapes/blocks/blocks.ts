/**
 * Blocks of a network that can be dropped, found from the graph alone: residual units that repeat
 * along the way that everything takes, with an output of their input's shape. Masks and positions
 * may come in from beside; whatever leaves a block by another way keeps it.
 */
import type { Graph, Node } from '../../model/model.ts';
import { type Analysis, nameOf } from '../analysis.ts';
import { type DataFlow, dataFlowOf } from './data-flow.ts';
import { type Bypasses, liveNodes } from './live-nodes.ts';
import { repeatsOf } from './repeats.ts';
import { hasSameShape, kindOf, type ResidualUnit, type Trunk, trunkOf } from './residual-units.ts';

export interface Block {
  /** From 0, along the way to the output. */
  readonly index: number;
  readonly input: string;
  /** Of the same shape; read in place of it once the block is dropped. */
  readonly output: string;
  /** Constants that nothing else needs. */
  readonly tensors: ReadonlySet<string>;
  /** The axis of `input` along which one token or pixel lies. */
  readonly axis: number;
  /** What keeps it; null if it can be dropped. */
  readonly obstacle: string | null;
}

export interface Blocks {
  readonly flow: DataFlow;
  readonly blocks: readonly Block[];
}

/** @param graph the main graph of a model, nodes in order of execution */
export function findBlocks(graph: Graph, analysis: Analysis): Blocks {
  const flow = dataFlowOf(graph);
  const trunk = trunkOf(flow, analysis);
  if (!trunk) return { flow, blocks: [] };
  const before = liveNodes(flow, new Map());
  const blocks = stretchesOf(trunk.units, trunk, analysis)
    .flatMap((units) => spansOf(units, trunk, graph))
    .map((span, index): Block => {
      const [input, output] = [trunk.values[span.from] ?? '', trunk.values[span.to] ?? ''];
      const nodes = trunk.steps.slice(span.from + 1, span.to + 1).flatMap((step) => step ?? []);
      const live = liveNodes(flow, new Map([[output, input]]));
      const axis = nodes.some(({ op }) => op === 'Conv') ? 1 : -1;
      const tensors = goneTensors(flow, before, live);
      const obstacle =
        span.obstacle ??
        (hasSameShape(analysis, input, output) ? null : OTHER_SHAPE) ??
        whatKeeps(flow, nodes, live, output) ??
        overridable(graph, tensors);
      return { index, input, output, axis, tensors, obstacle };
    });
  return { flow, blocks };
}

const OTHER_SHAPE = 'its output has not the shape of its input';
const OTHER_END = 'what comes after it is not what comes after the others';

/** Units of one shape of their input, in a row. */
function stretchesOf(units: readonly ResidualUnit[], trunk: Trunk, analysis: Analysis) {
  const stretches: ResidualUnit[][] = [];
  for (const unit of units) {
    const [last] = stretches.at(-1) ?? [];
    const [a, b] = [trunk.values[unit.at] ?? '', trunk.values[last?.at ?? -1] ?? ''];
    if (last && hasSameShape(analysis, a, b)) stretches.at(-1)?.push(unit);
    else stretches.push([unit]);
  }
  return stretches;
}

interface Span {
  /** Places of its input and output on the trunk. */
  readonly from: number;
  readonly to: number;
  readonly obstacle: string | null;
}

function spansOf(units: readonly ResidualUnit[], { steps }: Trunk, graph: Graph): Span[] {
  const [only] = units;
  if (only && units.length === 1) return [{ from: only.at, to: only.at + 1, obstacle: null }];
  /** What lies between a unit and the next: the norm after a sum, say. */
  const kindsAfter = (from: number, to: number) =>
    steps.slice(from + 1, to + 1).map((nodes) => kindOf(graph, nodes ?? []));
  const kinds = units.map(({ kind, at }, place) => {
    const next = units[place + 1];
    return JSON.stringify([kind, next ? kindsAfter(at + 1, next.at) : 'last']);
  });
  const spans: Span[] = [];
  // The last unit has no next one to tell what belongs to it: its kind is that of its period.
  const complete = withLast(units, kinds);
  for (const { start, period, count } of repeatsOf(complete)) {
    for (let at = start; at < start + count * period; at += period) {
      const [first, last, next] = [units[at], units[at + period - 1], units[at + period]];
      if (!first || !last) continue;
      if (next) {
        spans.push({ from: first.at, to: next.at, obstacle: null });
        continue;
      }
      const [likeLast, likeNext] = [units[at - 1], first];
      const length = likeLast ? likeNext.at - likeLast.at - 1 : 0;
      const to = last.at + 1 + length;
      const expected = likeLast ? kindsAfter(likeLast.at + 1, likeNext.at) : [];
      const isAlike = kindsAfter(last.at + 1, to).join() === expected.join();
      spans.push({ from: first.at, to, obstacle: isAlike ? null : OTHER_END });
    }
  }
  return spans;
}

/** The last unit as the one like it that has a unit after it, where there is one. */
function withLast(units: readonly ResidualUnit[], kinds: readonly string[]): string[] {
  const last = units.at(-1);
  const like = units.findLastIndex((unit, at) => at < units.length - 1 && unit.kind === last?.kind);
  return kinds.map((kind, at) => (at === units.length - 1 ? (kinds[like] ?? kind) : kind));
}

/** Constants that live nodes read before and not after. */
export function goneTensors(
  { graph, reads }: DataFlow,
  before: ReadonlySet<number>,
  after: ReadonlySet<number>,
): ReadonlySet<string> {
  const given = new Set(graph.outputs.map(({ name }) => name));
  const isRead = (live: ReadonlySet<number>) =>
    new Set([...live].flatMap((index) => [...(reads[index] ?? [])]));
  const [was, is] = [isRead(before), isRead(after)];
  const names = [...graph.tensors.keys()];
  return new Set(names.filter((name) => was.has(name) && !is.has(name) && !given.has(name)));
}

/** A value inside the block that something outside needs. */
function whatKeeps(
  { graph, reads }: DataFlow,
  nodes: readonly Node[],
  live: ReadonlySet<number>,
  output: string,
): string | null {
  const given = new Set(graph.outputs.map(({ name }) => name));
  const own = new Set(nodes.map(({ index }) => index));
  for (const node of nodes) {
    if (!live.has(node.index)) continue;
    const leaves = node.outputs.find((name) => name !== output && given.has(name));
    if (leaves !== undefined) return `${leaves}, an output of the model, is made in it`;
    const reader = graph.nodes.find(
      ({ index }) =>
        live.has(index) &&
        !own.has(index) &&
        node.outputs.some((name) => name !== output && reads[index]?.has(name)),
    );
    if (reader) return `${nameOf(reader)} needs what ${nameOf(node)} makes in it`;
  }
  return null;
}

function overridable(graph: Graph, tensors: ReadonlySet<string>): string | null {
  const name = [...tensors].find((tensor) => graph.overridable.has(tensor));
  return name === undefined ? null : `callers may override ${name}`;
}

/** Of several blocks: what is read in place of their outputs. */
export const bypassesOf = (blocks: readonly Block[]): Bypasses =>
  new Map(blocks.map(({ input, output }) => [output, input]));
