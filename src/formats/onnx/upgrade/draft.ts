/** A node while it is converted from opset to opset: what it becomes, and nodes around it. */
import { toAttributeValue } from '../../../model/attribute-value.ts';
import type { AttributeValue, NodeSpec } from '../../../model/edit.ts';
import type { Attribute, Node } from '../../../model/model.ts';

export class Draft {
  op: string;
  readonly name: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly before: NodeSpec[] = [];
  readonly after: NodeSpec[] = [];
  /** Why the node cannot be converted. */
  problem: string | null = null;
  isChanged = false;
  readonly #attributes: Map<string, Attribute>;

  constructor({ op, name, inputs, outputs, attributes }: Node) {
    this.op = op;
    this.name = name;
    this.inputs = [...inputs];
    this.outputs = [...outputs];
    this.#attributes = new Map(attributes);
  }

  /** Removes an attribute and gives its value; undefined if it is absent or of another kind. */
  take<K extends Attribute['kind']>(
    name: string,
    kind: K,
  ): Extract<Attribute, { kind: K }> | undefined {
    const attribute = this.#attributes.get(name);
    if (!attribute) return undefined;
    this.#attributes.delete(name);
    this.isChanged = true;
    if (isOfKind(attribute, kind)) return attribute;
    this.problem ??= `its ${name} is not given as ${kind}`;
    return undefined;
  }

  takeInt = (name: string): number | undefined => this.take(name, 'int')?.value;
  takeFloat = (name: string): number | undefined => this.take(name, 'float')?.value;
  takeText = (name: string): string | undefined => this.take(name, 'string')?.value;
  /** An empty list counts as absent, as in the operators that are converted. */
  takeInts = (name: string): readonly number[] | undefined => {
    const values = this.take(name, 'ints')?.values;
    return values && values.length > 0 ? values : undefined;
  };

  set(name: string, attribute: Attribute): void {
    this.#attributes.set(name, attribute);
    this.isChanged = true;
  }

  /** The value named at an input, which may be left out by an empty name. */
  input = (index: number): string => this.inputs[index] ?? '';

  setInput(index: number, value: string): void {
    while (this.inputs.length < index) this.inputs.push('');
    this.inputs[index] = value;
    this.isChanged = true;
  }

  keepOutputs(...outputs: readonly string[]): void {
    this.outputs.splice(0, this.outputs.length, ...outputs);
    this.isChanged = true;
  }

  /** What stands in the node's place now. */
  finish(): readonly NodeSpec[] {
    const entries: [string, AttributeValue][] = [];
    for (const [name, attribute] of this.#attributes) {
      const value = toAttributeValue(attribute);
      if (value) entries.push([name, value]);
      else this.problem ??= `its ${name} cannot be written again`;
    }
    const attributes = Object.fromEntries(entries); // keeps a name such as `__proto__`
    const { op, name, inputs, outputs } = this;
    return [...this.before, { op, domain: '', name, inputs, outputs, attributes }, ...this.after];
  }
}

const isOfKind = <K extends Attribute['kind']>(
  attribute: Attribute,
  kind: K,
): attribute is Extract<Attribute, { kind: K }> => attribute.kind === kind;
