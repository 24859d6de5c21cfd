/** Which value a name means in each graph of a model, and who reads it: bodies see what is around them. */
import { bodyId, functionId, type GraphId, MAIN_GRAPH } from './graphs.ts';
import type { Graph, Model, Node } from './model.ts';

export interface Consumer {
  readonly scope: Scope;
  readonly node: Node;
  readonly inputIndex: number;
}

export interface ScopedValue {
  /** In the order of graphs and nodes, bodies after the graph around them. */
  readonly consumers: Consumer[];
  /** Of any graph or body. */
  isOutput: boolean;
}

export interface Scope {
  readonly id: GraphId;
  readonly graph: Graph;
  /** Position among all scopes. */
  readonly order: number;
  /** Names of the function, nodes and bodies around it, each with a slash. */
  readonly prefix: string;
  readonly outer: Scope | null;
  /** Values that the graph itself defines; undefined if they can be no view of a constant. */
  readonly values: ReadonlyMap<string, ScopedValue | undefined>;
}

/** Every graph, each before the bodies inside it, the main one first, functions last. */
export function scopesOf({ graph, functions }: Pick<Model, 'graph' | 'functions'>): Scope[] {
  const scopes: Scope[] = [];
  const enter = (id: GraphId, body: Graph, prefix: string, outer: Scope | null): void => {
    const values = definedIn(body);
    const scope: Scope = { id, graph: body, order: scopes.length, prefix, outer, values };
    scopes.push(scope);
    for (const node of body.nodes) {
      node.inputs.forEach((name, inputIndex) => {
        if (name !== '') resolve(scope, name)?.consumers.push({ scope, node, inputIndex });
      });
    }
    for (const { name } of body.outputs) {
      const value = resolve(scope, name);
      if (value) value.isOutput = true;
    }
    for (const { name, op, index, subgraphs, subgraphNames } of body.nodes) {
      const label = name === '' ? `${op}_${index}` : name;
      subgraphs.forEach((inner, at) => {
        const inside = shortened(`${prefix}${label}/${subgraphNames[at] ?? at}/`);
        enter(bodyId(id, index, at), inner, inside, scope);
      });
    }
  };
  enter(MAIN_GRAPH, graph, '', null);
  functions.forEach(({ name, body }, index) => {
    enter(functionId(index), body, shortened(`${name}/`), null);
  });
  return scopes;
}

/** Every weight's name repeats the prefix, so a long one would take as much memory each time. */
const LONGEST_PREFIX = 400;

const shortened = (prefix: string): string =>
  prefix.length <= LONGEST_PREFIX ? prefix : `…${prefix.slice(1 - LONGEST_PREFIX)}`;

/** Operators whose output may be a view of a constant; of other values nothing is asked. */
const MAKES_VIEWS: ReadonlySet<string> = new Set(['Identity', 'Transpose', 'Cast']);

/** Names that are not constant hide those around them all the same: they are undefined here. */
function definedIn({ tensors, inputs, nodes }: Graph): Scope['values'] {
  const values = new Map<string, ScopedValue | undefined>();
  for (const { name } of inputs) values.set(name, undefined);
  for (const { op, domain, outputs } of nodes) {
    const isView = domain === '' && MAKES_VIEWS.has(op);
    for (const name of outputs) values.set(name, isView ? newValue() : undefined);
  }
  for (const name of tensors.keys()) values.set(name, newValue());
  return values;
}

const newValue = (): ScopedValue => ({ consumers: [], isOutput: false });

function resolve(scope: Scope, name: string): ScopedValue | undefined {
  for (let at: Scope | null = scope; at; at = at.outer) {
    const value = at.values.get(name);
    if (value || at.values.has(name)) return value;
  }
  return undefined;
}
