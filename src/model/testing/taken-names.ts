import { graphsOf } from '../graphs.ts';
import type { Model } from '../model.ts';

/** A giver of names that no graph of the model has. */
export function takenNames(model: Pick<Model, 'graph' | 'functions'>): (base: string) => string {
  const taken = new Set<string>();
  for (const { tensors, inputs, nodes } of graphsOf(model).values()) {
    for (const name of tensors.keys()) taken.add(name);
    for (const { name } of inputs) taken.add(name);
    for (const { name, outputs } of nodes) for (const value of [name, ...outputs]) taken.add(value);
  }
  return (base) => {
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
    taken.add(name);
    return name;
  };
}
