/** Attributes and constant inputs of nodes. */
import type { Node } from '../model/model.ts';
import type { Analysis } from './analysis.ts';
import { numberOfSize } from './size.ts';

export const inputOf = ({ inputs }: Node, index: number): string => inputs[index] ?? '';
export const outputOf = ({ outputs }: Node, index = 0): string => outputs[index] ?? '';

export function intOf({ attributes }: Node, name: string, fallback: number): number {
  const attribute = attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : fallback;
}

export function intsOf({ attributes }: Node, name: string): readonly number[] | null {
  const attribute = attributes.get(name);
  return attribute?.kind === 'ints' ? attribute.values : null;
}

export function textOf({ attributes }: Node, name: string, fallback: string): string {
  const attribute = attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : fallback;
}

/** The numbers of an integer input; null if they are not known before a run. */
export function numbersOf(value: string, analysis: Analysis): readonly number[] | null {
  const numbers = analysis.facts(value).sizes?.map(numberOfSize) ?? null;
  return numbers?.every((number) => number !== null) ? numbers : null;
}

/** A list that older opsets have as an attribute and newer ones as an input. */
export function listOf(
  node: Node,
  name: string,
  input: number,
  analysis: Analysis,
): readonly number[] | null {
  const given = inputOf(node, input);
  return given === '' ? intsOf(node, name) : numbersOf(given, analysis);
}

/** Whether the list is left out, which often means "all" or "equal parts". */
export const hasList = (node: Node, name: string, input: number): boolean =>
  inputOf(node, input) !== '' || node.attributes.has(name);

/** From the end where it is negative; null outside of `rank` axes. */
export function axisOf(axis: number, rank: number): number | null {
  const own = axis < 0 ? axis + rank : axis;
  return own >= 0 && own < rank ? own : null;
}
