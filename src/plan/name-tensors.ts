import { encodingLayout } from '../catalog/encoding-layout.ts';
import type { FreshNames } from '../encoders/encode-context.ts';
import type { TensorSpec } from '../model/edit.ts';
import type { ChosenPart, ChosenWeight, PlannedPart } from './planned-weight.ts';

/** A part with names for all that comes of it. */
export interface NamedPart extends PlannedPart {
  readonly stem: string;
  /** The float value that uses read where the encoding gives one. */
  readonly valueName: string;
}

/** A weight's own value keeps its name; factors get theirs from it. */
export function nameParts({ weight, parts }: ChosenWeight, names: FreshNames): NamedPart[] {
  return parts.map((part) => {
    const own = weight.tensor.name;
    const stem = part.part === '' ? own : `${own}_${part.part}`;
    const valueName = part.part === '' ? own : names.unique(stem);
    const entries = encodingLayout(part.choice, part).map(({ role, suffix, dtype, dims }) => {
      const isValue = part.choice.encoding === 'dense' && part.choice.kept === undefined;
      const name = isValue ? valueName : names.unique(`${stem}${suffix}`);
      const spec: TensorSpec = { name, key: keyOf(weight.name, part, role), dtype, dims };
      return [role, spec] as const;
    });
    return { ...part, stem, valueName, tensors: Object.fromEntries(entries) };
  });
}

/** The same whatever else is planned, so that a payload made before is still that part's. */
const keyOf = (weight: string, { part }: ChosenPart, role: string): string =>
  `${weight}\n${part}\n${role}`;
