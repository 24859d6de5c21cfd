import type { Node } from '../model/model.ts';

const ROUNDING: ReadonlySet<string> = new Set(['DynamicQuantizeLinear', 'QuantizeLinear']);

/** Whether an operator rounds what goes in to 8 bits, so that last digits of floats can decide a code. */
export function roundsActivations({ op, attributes }: Pick<Node, 'op' | 'attributes'>): boolean {
  const level = attributes.get('accuracy_level');
  return ROUNDING.has(op) || (level?.kind === 'int' && level.value === 4);
}
