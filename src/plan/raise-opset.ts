/** Encodings that need a newer opset than the model has: the model is raised, or they are refused. */
import { planUpgrade } from '../formats/onnx/upgrade/plan-upgrade.ts';
import { functionId, type GraphId, isInside } from '../model/graphs.ts';
import { mergeEdits } from '../model/merge-edits.ts';
import type { Model } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import { type BuiltEdit, buildEdit } from './build-edit.ts';
import type { ChosenWeight } from './planned-weight.ts';

export interface RaisedEdit extends Omit<BuiltEdit, 'names'> {
  /** Weights by name that stay because their encodings need an opset that the model cannot have. */
  readonly refused: ReadonlyMap<string, string>;
}

type Whole = Pick<Model, 'graph' | 'functions' | 'opsets'>;

/** The edit of `buildEdit`, in the opset that it needs; never raised without need. */
export function buildRaised(
  model: Whole,
  chosen: readonly ChosenWeight[],
  weights: readonly Weight[],
  left: ReadonlyMap<string, string>,
): RaisedEdit {
  const refused = new Map<string, string>();
  const gone = { has: (name: string) => left.has(name) || refused.has(name) };
  for (;;) {
    const { edit, planned, scalings, grids, names } = buildEdit(model, chosen, weights, gone);
    const low = planned.filter(
      ({ weight, ...rest }) => needed(rest) > opsetOf(model, weight.graph),
    );
    if (low.length === 0) return { edit, planned, scalings, grids, refused };
    const to = Math.max(...low.map(needed));
    const upgrade = planUpgrade(model, to, {
      unique: names.unique,
      isReplaced: (graph, index) => edit.graphs.get(graph)?.replacedNodes.has(index) ?? false,
    });
    if ('edit' in upgrade)
      return { edit: mergeEdits(edit, upgrade.edit), planned, scalings, grids, refused };
    for (const item of low) {
      if (needed(item) < to) continue;
      const reason = `Needs opset ${to}, and the model cannot be raised to it: ${upgrade.refused}`;
      refused.set(item.weight.name, reason);
    }
  }
}

const needed = ({ parts }: Pick<ChosenWeight, 'parts'>): number =>
  Math.max(...parts.map(({ choice }) => choice.minOpset));

/** The default opset that new nodes of a graph are read in. */
function opsetOf({ functions, opsets }: Whole, id: GraphId): number {
  const local = functions.find((_, at) => id === functionId(at) || isInside(id, functionId(at)));
  return local?.opsets.get('') ?? opsets.get('') ?? 1;
}
