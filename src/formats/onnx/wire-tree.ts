/**
 * The structure of an ONNX file: one forward pass over the protobuf wire format that walks into
 * the messages of `wire-schema.ts` and skips payloads. Checks lengths, varints, wire types, groups
 * and depth; knows nothing of what the fields mean. Memory is bounded by a budget, depth by an
 * explicit stack.
 */
import { StudioError } from '../../core/studio-error.ts';
import { ForwardReader } from './forward-reader.ts';
import { malformed } from './malformed.ts';
import { type FieldSchema, type MessageName, SCHEMA } from './wire-schema.ts';

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_GROUP_START = 3;
export const WIRE_GROUP_END = 4;
export const WIRE_FIXED32 = 5;

export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** Offset of the tag. */
  readonly start: number;
  /** Offset of the content, after tag and length. */
  readonly contentStart: number;
  end: number;
  /** Varint, or the bits of a fixed32; 0 for other wire types. */
  readonly value: number | bigint;
  /** Loaded content; null if it is not wanted or longer than `LOAD_LIMIT`. */
  bytes: Uint8Array<ArrayBuffer> | null;
  /** Fields of a message that is walked into. */
  readonly fields: readonly WireField[] | null;
  /** Elements of a run of unpacked scalars. */
  count: number;
  readonly values: (number | bigint)[] | null;
}

/** Longest string or packed list that is loaded. */
export const LOAD_LIMIT = 64 * 1024;
const DEPTH_LIMIT = 100;
const HEADER_LENGTH = 20; // tag and length, ten bytes each at most
const BUDGET = 384 * 1024 * 1024;
const FIELD_COST = 96; // bytes of one WireField in memory, roughly

interface Frame {
  readonly message: MessageName | null; // null inside a group
  readonly fields: WireField[];
  readonly end: number;
  readonly number: number; // of the field that this is in its parent
  readonly isGroup: boolean;
}

export interface WireTree {
  readonly fields: readonly WireField[];
  /** The file uses protobuf groups, long deprecated; they are kept as they are. */
  readonly hasGroups: boolean;
}

/**
 * Fields that `wire-schema.ts` does not know are checked and left out.
 * @param budget bytes of memory, roughly, that the tree may take
 * @throws malformed-model with path and offset; too-large beyond the budget
 */
export const readWireTree = (
  blob: Blob,
  file: string,
  signal?: AbortSignal,
  budget = BUDGET,
): Promise<WireTree> => new TreeReader(blob, file, budget).read(signal);

class TreeReader {
  readonly #reader: ForwardReader;
  readonly #file: string;
  readonly #stack: Frame[] = [];
  readonly #place = () => this.#path();
  #hasGroups = false;
  #budget: number;

  constructor(blob: Blob, file: string, budget: number) {
    this.#reader = new ForwardReader(blob, file);
    this.#file = file;
    this.#budget = budget;
  }

  async read(signal?: AbortSignal): Promise<WireTree> {
    const reader = this.#reader;
    const end = reader.byteLength;
    const root: Frame = { message: 'model', fields: [], end, number: 0, isGroup: false };
    this.#stack.push(root);
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1)) {
      if (reader.position === frame.end) {
        if (frame.isGroup) throw this.#broken('has a group without its end', frame.end);
        this.#stack.pop();
        continue;
      }
      if (!reader.ready(HEADER_LENGTH)) {
        signal?.throwIfAborted();
        await reader.fill(HEADER_LENGTH);
      }
      const wanted = this.#field(frame);
      if (!wanted) continue;
      const byteLength = wanted.end - wanted.contentStart;
      if (!reader.ready(byteLength)) await reader.fill(byteLength);
      wanted.bytes = reader.take(byteLength);
    }
    return { fields: root.fields, hasGroups: this.#hasGroups };
  }

  /** Reads a field's header and skips or enters it; gives the field if its bytes are wanted. */
  #field(frame: Frame): WireField | null {
    const reader = this.#reader;
    const start = reader.position;
    const tag = Number(reader.varint(frame.end, this.#place));
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number < 1 || number >= 2 ** 29) {
      throw this.#broken(`has a field with the impossible number ${number}`, start);
    }
    const schema = frame.message ? SCHEMA[frame.message][number] : undefined;
    if (wireType === WIRE_GROUP_START) return this.#openGroup(frame, number);
    if (wireType === WIRE_GROUP_END) return this.#closeGroup(frame, number, start);
    if (wireType === WIRE_BYTES) return this.#delimited(frame, number, start, schema);
    let value: number | bigint = 0;
    if (wireType === WIRE_VARINT) value = reader.varint(frame.end, this.#place);
    else if (wireType === WIRE_FIXED32) {
      this.#need(4, frame, number, start);
      value = reader.fixed32();
    } else if (wireType === WIRE_FIXED64) {
      this.#need(8, frame, number, start);
      reader.position += 8;
    } else throw this.#broken(`has a field of the unknown wire type ${wireType}`, start);
    if (schema) this.#scalar(frame, number, wireType, start, value, schema);
    return null;
  }

  #scalar(
    frame: Frame,
    number: number,
    wireType: number,
    start: number,
    value: number | bigint,
    schema: FieldSchema,
  ): void {
    const end = this.#reader.position;
    const previous = frame.fields.at(-1);
    const continuesRun =
      schema.run !== undefined &&
      previous?.number === number &&
      previous.wireType === wireType &&
      previous.end === start;
    if (continuesRun) {
      previous.end = end;
      previous.count++;
      previous.values?.push(value);
      if (previous.values) this.#spend(8);
      return;
    }
    this.#spend(FIELD_COST);
    const values = schema.run === 'values' ? [value] : null;
    frame.fields.push({
      number,
      wireType,
      start,
      contentStart: start,
      end,
      value,
      bytes: null,
      fields: null,
      count: 1,
      values,
    });
  }

  #delimited(
    frame: Frame,
    number: number,
    start: number,
    schema: FieldSchema | undefined,
  ): WireField | null {
    const reader = this.#reader;
    const byteLength = reader.varint(frame.end, this.#place);
    const contentStart = reader.position;
    const left = frame.end - contentStart;
    if (byteLength > left) {
      const path = this.#path(number);
      throw malformed(
        this.#file,
        `is cut short or damaged: ${path} at byte ${start} claims ${byteLength} bytes and ${left} are left`,
        { path, offset: start },
      );
    }
    const end = contentStart + Number(byteLength);
    if (!schema) {
      reader.position = end;
      return null;
    }
    this.#spend(FIELD_COST);
    const fields: WireField[] | null = schema.message ? [] : null;
    const field: WireField = {
      number,
      wireType: WIRE_BYTES,
      start,
      contentStart,
      end,
      value: 0,
      bytes: null,
      fields,
      count: 0,
      values: null,
    };
    frame.fields.push(field);
    if (fields && schema.message) {
      this.#push({ message: schema.message, fields, end, number, isGroup: false });
      return null;
    }
    if (schema.load && end - contentStart <= LOAD_LIMIT) {
      this.#spend(end - contentStart);
      return field;
    }
    reader.position = end;
    return null;
  }

  #openGroup(frame: Frame, number: number): null {
    this.#hasGroups = true;
    this.#push({ message: null, fields: [], end: frame.end, number, isGroup: true });
    return null;
  }

  #closeGroup(frame: Frame, number: number, start: number): null {
    if (!frame.isGroup || frame.number !== number) {
      throw this.#broken(`ends a group that it did not start (${number})`, start);
    }
    this.#stack.pop();
    return null;
  }

  #push(frame: Frame): void {
    if (this.#stack.length >= DEPTH_LIMIT) {
      throw malformed(
        this.#file,
        `nests more than ${DEPTH_LIMIT} messages at byte ${this.#reader.position}`,
        {
          offset: this.#reader.position,
        },
      );
    }
    this.#stack.push(frame);
  }

  #spend(cost: number): void {
    this.#budget -= cost;
    if (this.#budget < 0) {
      throw new StudioError(
        'too-large',
        `${this.#file} has more structure besides its weights than this tab can hold. Split the model.`,
        { detail: { file: this.#file, offset: this.#reader.position } },
      );
    }
  }

  #need(count: number, frame: Frame, number: number, start: number): void {
    if (this.#reader.position + count <= frame.end) return;
    const path = this.#path(number);
    throw malformed(this.#file, `is cut short inside ${path} at byte ${start}`, {
      path,
      offset: start,
    });
  }

  /** Path of the innermost open message, or of its field `number`. */
  #path(number?: number): string {
    const steps: string[] = [];
    for (const [depth, frame] of this.#stack.entries()) {
      const inner = this.#stack[depth + 1];
      if (inner) steps.push(fieldName(frame, inner.number, 1));
      else if (number !== undefined) steps.push(fieldName(frame, number, 0));
    }
    return steps.join('.') || 'the model';
  }

  #broken(fact: string, offset: number): StudioError {
    const path = this.#path();
    return malformed(this.#file, `${fact} in ${path} at byte ${offset}`, { offset });
  }
}

const REPEATED = new Set(['node', 'initializer', 'input', 'output', 'attribute', 'functions']);

function fieldName(frame: Frame, number: number, includesItself: 0 | 1): string {
  const name = (frame.message && SCHEMA[frame.message][number]?.name) ?? `field ${number}`;
  if (!REPEATED.has(name)) return name;
  const count = frame.fields.filter((field) => field.number === number).length;
  return `${name}[${count - includesItself}]`;
}
