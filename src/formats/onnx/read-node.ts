/** NodeProto and AttributeProto → Node, its constant if it is a Constant, and its bodies. */
import type { Attribute, Graph, Node, Tensor } from '../../model/model.ts';
import {
  delimited,
  enumOf,
  type Fields,
  floatOf,
  floatsOf,
  hasField,
  hasValues,
  intOf,
  intsOf,
  mergedMessage,
  textOf,
} from './fields.ts';
import { inlineConstant } from './inline-constant.ts';
import { malformed } from './malformed.ts';
import type { Reading } from './reading.ts';
import { readSparseHeader, readTensorHeader } from './tensor-header.ts';
import { decodeText, hasEscapedBytes } from './text.ts';
import { WIRE_BYTES, WIRE_FIXED32, WIRE_VARINT } from './wire-tree.ts';

export interface NodeReading {
  readonly node: Node;
  readonly constant: Tensor | null;
}

/** Reads a GraphProto; handed in because graphs hold nodes and nodes hold graphs. */
export type BodyReader = (fields: Fields, path: string, reading: Reading) => Graph;

export function readNode(
  fields: Fields,
  index: number,
  path: string,
  reading: Reading,
  readBody: BodyReader,
): NodeReading {
  const text = (number: number, what: string) => nameOf(fields, number, `${path}.${what}`, reading);
  const name = text(3, 'name');
  const op = text(4, 'op_type');
  if (op === '')
    throw malformed(reading.file, `has a node without an operator (${path})`, { path });
  const named = name === '' ? `${path} (${op})` : `${path} (${name})`;
  const attributes = new Map<string, Attribute>();
  const subgraphs: Graph[] = [];
  const subgraphNames: string[] = [];
  let constant: Tensor | null = null;
  const outputs = namesOf(fields, 2, `${path}.output`, reading);
  const domain = text(7, 'domain');
  const isConstant = op === 'Constant' && (domain === '' || domain === 'ai.onnx');
  for (const { fields: inner } of delimited(fields, 5)) {
    const key = nameOf(inner!, 1, `${path}.attribute`, reading);
    const attributePath = `${path}.${key}`;
    const attribute = readAttribute(inner!);
    const tensor = readTensors(inner!, attributePath, reading);
    const isReference = hasField(inner!, REFERENCE, WIRE_BYTES);
    const isTensor = tensor && !isConstant && !isReference && attribute.kind === 'other';
    attributes.set(key, isTensor ? { kind: 'tensor', tensor } : attribute);
    if (isConstant && !isReference) constant ??= tensor ?? inlineConstant(key, inner!);
    for (const { suffix, occurrences } of bodiesOf(inner!)) {
      const body = occurrences.flatMap(({ fields: part }) => part!);
      subgraphs.push(readBody(body, attributePath, reading));
      subgraphNames.push(`${key}${suffix}`);
    }
  }
  const inputs = namesOf(fields, 1, `${path}.input`, reading);
  if (isConstant && outputs.length !== 1) {
    throw malformed(reading.file, `has a Constant without exactly one output (${named})`, { path });
  }
  return {
    node: {
      index,
      name,
      op,
      domain: domain === 'ai.onnx' ? '' : domain,
      inputs,
      outputs,
      attributes,
      subgraphs,
      subgraphNames,
    },
    constant: constant && { ...constant, name: outputs[0] ?? '', place: 'constant-node' },
  };
}

/** A string that names something; '' if absent. */
export function nameOf(fields: Fields, number: number, path: string, reading: Reading): string {
  const text = textOf(fields, number);
  if (text === null)
    throw malformed(reading.file, `has a name that is too long at ${path}`, { path });
  if (text !== undefined) noteEscapes(text, path, reading);
  return text ?? '';
}

export function namesOf(fields: Fields, number: number, path: string, reading: Reading): string[] {
  return delimited(fields, number).map(({ bytes }, index) => {
    if (!bytes) {
      throw malformed(reading.file, `has a name that is too long at ${path}[${index}]`, { path });
    }
    const text = decodeText(bytes);
    noteEscapes(text, path, reading);
    return text;
  });
}

function noteEscapes(text: string, path: string, reading: Reading): void {
  if (!hasEscapedBytes(text)) return;
  reading.note('not utf-8', `${path} is not valid UTF-8; its bytes are kept.`, path);
}

/** `ref_attr_name`: the value is that of the function's own attribute. */
const REFERENCE = 21;
const TYPE_FLOAT = 1;
const TYPE_INT = 2;
const TYPE_STRING = 3;
const TYPE_FLOATS = 6;
const TYPE_INTS = 7;
const TYPE_STRINGS = 8;
const LAST_TYPE = 14;

function readAttribute(fields: Fields): Attribute {
  if (hasField(fields, REFERENCE, WIRE_BYTES)) return OTHER;
  switch (enumOf(fields, 20, LAST_TYPE) || presentType(fields)) {
    case TYPE_FLOAT:
      return { kind: 'float', value: floatOf(fields, 2) ?? 0 };
    case TYPE_INT:
      return { kind: 'int', value: intOf(fields, 3) ?? 0 };
    case TYPE_STRING: {
      const value = textOf(fields, 4);
      return value === null ? OTHER : { kind: 'string', value: value ?? '' };
    }
    case TYPE_FLOATS: {
      const values = floatsOf(fields, 7);
      return values ? { kind: 'floats', values } : OTHER;
    }
    case TYPE_INTS: {
      const values = intsOf(fields, 8);
      return values ? { kind: 'ints', values } : OTHER;
    }
    case TYPE_STRINGS: {
      const strings = delimited(fields, 9);
      const isLoaded = strings.every(({ bytes }) => bytes !== null);
      return isLoaded
        ? { kind: 'strings', values: strings.map(({ bytes }) => decodeText(bytes!)) }
        : OTHER;
    }
    default:
      return OTHER;
  }
}

const OTHER: Attribute = { kind: 'other' };

/** Files older than IR 2 do not state the type: it is that of the field that is there. */
function presentType(fields: Fields): number {
  if (hasField(fields, 2, WIRE_FIXED32)) return TYPE_FLOAT;
  if (hasField(fields, 3, WIRE_VARINT)) return TYPE_INT;
  if (hasField(fields, 4, WIRE_BYTES)) return TYPE_STRING;
  if (hasValues(fields, 7, WIRE_FIXED32)) return TYPE_FLOATS;
  if (hasValues(fields, 8, WIRE_VARINT)) return TYPE_INTS;
  return hasField(fields, 9, WIRE_BYTES) ? TYPE_STRINGS : 0;
}

/** Checks every tensor of an attribute; gives the singular one. */
function readTensors(fields: Fields, path: string, reading: Reading): Tensor | null {
  const place = 'constant-node';
  for (const { fields: inner } of delimited(fields, 10)) {
    readTensorHeader(inner!, place, path, reading);
  }
  for (const { fields: inner } of delimited(fields, 23)) {
    readSparseHeader(inner!, place, path, reading);
  }
  const tensor = mergedMessage(fields, 5);
  if (tensor) return readTensorHeader(tensor, place, path, reading);
  const sparse = mergedMessage(fields, 22);
  return sparse && readSparseHeader(sparse, place, path, reading);
}

/** A body of an attribute: the fields that hold it, which merge if the file repeats them. */
export interface BodyFields {
  readonly suffix: string;
  readonly occurrences: Fields;
}

export function bodiesOf(attribute: Fields): BodyFields[] {
  const one = delimited(attribute, 6);
  const many = delimited(attribute, 11).map((body, index) => ({
    suffix: `[${index}]`,
    occurrences: [body],
  }));
  return one.length > 0 ? [{ suffix: '', occurrences: one }, ...many] : many;
}
