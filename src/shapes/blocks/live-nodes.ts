import type { DataFlow } from './data-flow.ts';

/** Values to read instead of others. */
export type Bypasses = ReadonlyMap<string, string>;

/** What stands for `name`, through one bypass after another. */
export function passed(bypasses: Bypasses, name: string): string {
  let at = name;
  for (let next = bypasses.get(at); next !== undefined; next = bypasses.get(at)) at = next;
  return at;
}

/** Indices of the nodes that an output still needs where `bypasses` are taken. */
export function liveNodes({ graph, maker, reads }: DataFlow, bypasses: Bypasses): Set<number> {
  const live = new Set<number>();
  const waiting = graph.outputs.map(({ name }) => name);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = maker.get(passed(bypasses, name));
    if (!node || live.has(node.index)) continue;
    live.add(node.index);
    waiting.push(...(reads[node.index] ?? []));
  }
  return live;
}
