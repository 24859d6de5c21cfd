/**
 * The structure of an ONNX file: one forward pass over the protobuf wire format that walks into
 * the messages of `wire-schema.ts` and skips payloads. Checks lengths, varints, wire types, groups
 * and depth; knows nothing of what the fields mean. Memory is bounded by a budget, depth by an
 * explicit stack.
 */
import { StudioError } from '../../core/studio-error.ts';
import { ForwardReader } from './forward-reader.ts';
import { malformed } from './malformed.ts';
import { forEachVarint } from './varint.ts';
import { type OpenMessage, pathOf } from './wire-path.ts';
import { type FieldSchema, SCHEMA } from './wire-schema.ts';

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
/** Longest raw values that are loaded: 16 numbers of 64 bits. */
const SHORT_LIMIT = 128;
const DEPTH_LIMIT = 100;
const HEADER_LENGTH = 20; // tag and length, ten bytes each at most
const BUDGET = 384 * 1024 * 1024;
const FIELD_COST = 96; // bytes of one WireField in memory, roughly

interface Frame extends OpenMessage {
  readonly fields: WireField[];
  readonly end: number;
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
  readonly #place = () => pathOf(this.#stack);
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
    const kind = { number: 0, isGroup: false, isKept: true };
    const root: Frame = { message: 'model', fields: [], end, ...kind };
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
      const { packed } = (frame.message && SCHEMA[frame.message][wanted.number]) ?? {};
      if (packed === 'varint' && !forEachVarint(wanted.bytes, () => {})) {
        throw this.#broken('has a list that ends inside a number', wanted.start);
      }
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
    if (schema && frame.isKept) this.#scalar(frame, number, wireType, start, value, schema);
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
      const path = pathOf(this.#stack, number);
      throw malformed(
        this.#file,
        `is cut short or damaged: ${path} at byte ${start} claims ${byteLength} bytes and ${left} are left`,
        { path, offset: start },
      );
    }
    const end = contentStart + Number(byteLength);
    const isKept = frame.isKept && schema?.checkOnly !== true;
    if (schema?.message && !isKept) {
      this.#push({ message: schema.message, fields: [], end, number, isGroup: false, isKept });
      return null;
    }
    if (!schema || !isKept) {
      reader.position = end;
      return null;
    }
    if (typeof schema.packed === 'number' && (end - contentStart) % schema.packed > 0) {
      throw this.#broken('has a list that ends inside a number', start);
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
      this.#push({ message: schema.message, fields, end, number, isGroup: false, isKept });
      return null;
    }
    const limit = schema.load ? LOAD_LIMIT : schema.loadShort ? SHORT_LIMIT : -1;
    if (end - contentStart <= limit) {
      this.#spend(end - contentStart);
      return field;
    }
    reader.position = end;
    return null;
  }

  #openGroup(frame: Frame, number: number): null {
    this.#hasGroups = true;
    const { end } = frame;
    this.#push({ message: null, fields: [], end, number, isGroup: true, isKept: false });
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
    const path = pathOf(this.#stack, number);
    throw malformed(this.#file, `is cut short inside ${path} at byte ${start}`, {
      path,
      offset: start,
    });
  }

  #broken(fact: string, offset: number): StudioError {
    const path = pathOf(this.#stack);
    return malformed(this.#file, `${fact} in ${path} at byte ${offset}`, { offset });
  }
}
