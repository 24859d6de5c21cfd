/** What people call a place in a file that is being read. */
import { type MessageName, SCHEMA } from './wire-schema.ts';

export interface OpenMessage {
  readonly message: MessageName | null; // null inside a group
  readonly fields: readonly { readonly number: number }[];
  readonly number: number; // of the field that this is in its parent
  readonly isKept: boolean; // else its fields are only checked
}

/** Path of the innermost message of `stack`, or of its field `number`. */
export function pathOf(stack: readonly OpenMessage[], number?: number): string {
  const steps: string[] = [];
  for (const [depth, frame] of stack.entries()) {
    const inner = stack[depth + 1];
    if (inner) steps.push(fieldName(frame, inner.number, 1));
    else if (number !== undefined) steps.push(fieldName(frame, number, 0));
  }
  return steps.join('.') || 'the model';
}

const REPEATED = new Set(['node', 'initializer', 'input', 'output', 'attribute', 'functions']);

function fieldName(frame: OpenMessage, number: number, includesItself: 0 | 1): string {
  const name = (frame.message && SCHEMA[frame.message][number]?.name) ?? `field ${number}`;
  if (!REPEATED.has(name) || !frame.isKept) return name;
  const count = frame.fields.filter((field) => field.number === number).length;
  return `${name}[${count - includesItself}]`;
}
