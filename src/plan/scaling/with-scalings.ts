import type { PlannedPart, PlannedWeight } from '../planned-weight.ts';
import type { InputScaling } from './input-scalings.ts';

/**
 * Each weight with the scalings that change it. What it stores is then known by another key: a
 * payload that was made under other scales, or none, is not taken for it.
 */
export function withScalings<
  Part extends PlannedPart,
  Item extends Omit<PlannedWeight, 'inputScaling' | 'outputScaling' | 'parts'> & {
    readonly parts: readonly Part[];
  },
>(items: readonly Item[], scalings: readonly InputScaling[]) {
  const inputs = new Map<string, InputScaling>();
  const outputs = new Map<string, InputScaling>();
  for (const scaling of scalings) {
    for (const name of scaling.members) inputs.set(name, scaling);
    for (const { weight } of scaling.folded ?? []) outputs.set(weight.name, scaling);
  }
  return items.map((item) => {
    const [input, output] = [inputs.get(item.weight.name), outputs.get(item.weight.name)];
    const signature = JSON.stringify([input, output].map((it) => it?.members ?? null));
    const isScaled = input !== undefined || output !== undefined;
    return {
      ...item,
      parts: isScaled ? item.parts.map((part) => rekeyed(part, signature)) : item.parts,
      inputScaling: input?.key ?? null,
      outputScaling: output?.key ?? null,
    };
  });
}

const rekeyed = <Part extends PlannedPart>(part: Part, signature: string): Part => ({
  ...part,
  tensors: Object.fromEntries(
    Object.entries(part.tensors).map(([role, spec]) => [
      role,
      { ...spec, key: `${spec.key}\n${signature}` },
    ]),
  ),
});
