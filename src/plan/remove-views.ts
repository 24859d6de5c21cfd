import type { Model } from '../model/model.ts';
import { type ScopedValue, scopesOf } from '../model/scopes.ts';
import type { Weight } from '../model/weight.ts';
import type { GraphDrafts } from './graph-drafts.ts';

/**
 * The Identity, Transpose and Cast nodes that made views of weights whose every use is replaced go:
 * nothing reads those any more, whether they led to a use or nowhere.
 */
export function removeViews(
  model: Pick<Model, 'graph' | 'functions'>,
  gone: readonly { readonly weight: Weight }[],
  drafts: GraphDrafts,
): void {
  if (gone.length === 0) return;
  const scopes = new Map(scopesOf(model).map((scope) => [scope.id, scope]));
  const dead: (ScopedValue | undefined)[] = gone.map(({ weight }) =>
    scopes.get(weight.graph)?.values.get(weight.tensor.name),
  );
  while (dead.length > 0) {
    for (const { scope, node } of dead.pop()?.consumers ?? []) {
      if (drafts.isReplaced(scope.id, node.index)) continue;
      drafts.replaceNode(scope.id, node.index, []);
      dead.push(...node.outputs.map((name) => scope.values.get(name)));
    }
  }
}
