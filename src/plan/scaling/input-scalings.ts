/** Which activations get scales before the products that read them, and where the scales go. */
import { assert } from '../../core/assert.ts';
import type { ScalingMethod } from '../../core/scaling-method.ts';
import { type GraphId, graphsOf } from '../../model/graphs.ts';
import type { Model } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { ChosenWeight } from '../planned-weight.ts';
import { ValueReaders } from '../value-readers.ts';
import { constantsByValue } from './constants-by-value.ts';
import { type ConstantOf, type FoldedConstant, foldScales } from './fold-scales.ts';
import { knownTooLate } from './not-scaled.ts';

/** One scale for each of K channels of a value: it comes divided, the weights that read it multiplied. */
export interface InputScaling {
  /** What its scales are known by. */
  readonly key: string;
  readonly graph: GraphId;
  readonly value: string;
  readonly K: number;
  readonly stepIndex: number;
  readonly method: ScalingMethod;
  /** The weights that read it, by name. */
  readonly members: readonly string[];
  /** Constants that are divided, weights of the plan among them; null: the value is multiplied. */
  readonly folded: readonly FoldedConstant[] | null;
}

interface Group extends Omit<InputScaling, 'members' | 'folded'> {
  readonly members: ChosenWeight[];
  readonly readers: Set<number>;
}

/**
 * Of weights that a step asks scales for.
 * @param weights all constants of the model
 */
export function inputScalings(
  planned: readonly ChosenWeight[],
  model: Pick<Model, 'graph' | 'functions'>,
  weights: readonly Weight[],
): readonly InputScaling[] {
  const graphs = graphsOf(model);
  const groups = new Map<string, Group>();
  for (const item of planned) {
    const { weight, scaling, view } = item;
    const [use] = weight.uses;
    if (!scaling || !use) continue;
    const value = graphs.get(use.graph)?.nodes[use.nodeIndex]?.inputs[0];
    assert(value, `${weight.name} is multiplied by a value`);
    const { stepIndex, spec: method } = scaling;
    const { graph, nodeIndex } = use;
    const key = [graph, value, stepIndex].join('\n');
    const group = groups.get(key) ?? {
      ...{ key, graph, value, stepIndex, method, K: view.K },
      ...{ members: [], readers: new Set() },
    };
    group.members.push(item);
    group.readers.add(nodeIndex);
    groups.set(key, group);
  }
  const places = new Places(graphs, weights);
  const byName = new Map(planned.map((item) => [item.weight.name, item]));
  return [...groups.values()].map(({ members, readers, ...group }) => {
    const found = places.fold(group, readers);
    const folded = found?.every((it) => canDivide(it, byName)) ? found : null;
    return { ...group, folded, members: members.map(({ weight }) => weight.name) };
  });
}

/** A weight of the plan is divided before it is stored, along its output channels. */
function canDivide(
  { weight, axis }: FoldedConstant,
  planned: ReadonlyMap<string, ChosenWeight>,
): boolean {
  const item = planned.get(weight.name);
  if (!item) return true;
  const { view, prune, factorize } = item;
  const rankByValues = factorize?.shared === true || factorize?.spec.by === 'energy';
  return view.channelAxis === axis && knownTooLate(prune, rankByValues) === null;
}

/** Readers and constants of the graphs that are asked for. */
class Places {
  readonly #graphs: ReturnType<typeof graphsOf>;
  readonly #weights: readonly Weight[];
  readonly #known = new Map<GraphId, { readers: ValueReaders; constants: ConstantOf }>();

  constructor(graphs: ReturnType<typeof graphsOf>, weights: readonly Weight[]) {
    this.#graphs = graphs;
    this.#weights = weights;
  }

  fold(
    { graph, value, K }: Pick<InputScaling, 'graph' | 'value' | 'K'>,
    nodes: ReadonlySet<number>,
  ): readonly FoldedConstant[] | null {
    let place = this.#known.get(graph);
    const own = this.#graphs.get(graph);
    if (!place && own) {
      const constants = constantsByValue(this.#weights, graph, own);
      place = { readers: new ValueReaders(own), constants };
      this.#known.set(graph, place);
    }
    return place ? foldScales(value, K, nodes, place.readers, place.constants) : null;
  }
}
