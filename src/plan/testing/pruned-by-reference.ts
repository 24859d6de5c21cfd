import { assert } from '../../core/assert.ts';
import { prunedOfAll } from '../../core/prune-spec.ts';
import { nOfMMask } from '../../reference/n-of-m-mask.ts';
import type { PlannedWeight } from '../planned-weight.ts';

type Values = Float32Array<ArrayBuffer>;

/** The values of each weight after its prune stage; global stages see their step's weights together. */
export function prunedByReference(
  planned: readonly PlannedWeight[],
  sources: readonly Values[],
): readonly Values[] {
  const results = sources.map((values) => values.slice());
  const groups = new Map<string, number[]>();
  planned.forEach(({ prune, view }, index) => {
    const values = results[index];
    assert(values, 'values of each weight');
    if (!prune) return;
    const { spec, stepIndex } = prune;
    if (spec.kind === 'n-of-m') {
      clear(values, nOfMMask(values, view.inputs, spec).mask);
      return;
    }
    const key = spec.scope === 'global' ? `step ${stepIndex}` : `weight ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  for (const members of groups.values()) {
    const [first] = members;
    const spec = planned[first ?? 0]?.prune?.spec;
    assert(spec?.kind === 'unstructured', 'a group is pruned freely');
    pruneTogether(
      members.map((index) => results[index] ?? new Float32Array(0)),
      spec.sparsity,
    );
  }
  return results;
}

/** In place: the smallest magnitudes of all go, of equals the first. */
function pruneTogether(weights: readonly Values[], sparsity: number): void {
  const all = weights.flatMap((values) => [...values.keys()].map((index) => ({ values, index })));
  const order = all.map(({ values, index }, at) => ({ at, size: Math.abs(values[index] ?? 0) }));
  order.sort((a, b) => a.size - b.size || a.at - b.at);
  for (const { at } of order.slice(0, prunedOfAll(all.length, sparsity))) {
    const entry = all[at];
    if (entry) entry.values[entry.index] = 0;
  }
}

function clear(values: Values, mask: Uint8Array): void {
  for (let i = 0; i < values.length; i++) {
    if (((mask[i >> 3] ?? 0) >> (i & 7)) & 1) values[i] = 0;
  }
}
