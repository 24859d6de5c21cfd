import type { Node } from './model.ts';

/** Every value that a node reads, bodies inside it included; '' stands for none. */
export function readBy(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const name of next.inputs) names.add(name);
    for (const body of next.subgraphs) {
      for (const { name } of body.outputs) names.add(name);
      waiting.push(...body.nodes);
    }
  }
  return names;
}
