/** Where the messages of the main graph are, for the writer. */

import { TYPED_FIELDS } from './data-type.ts';
import { readEntries } from './entries.ts';
import { delimited, type Fields, intOf, textOf } from './fields.ts';
import type { EmbeddedTensor, ExternalTensor, Frame, OnnxWire, Span } from './onnx-model.ts';
import type { ExternalPayload } from './reading.ts';
import { WIRE_BYTES, type WireField } from './wire-tree.ts';

const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** Everything in a tensor that says where its values are. */
const PAYLOAD_FIELDS: readonly number[] = [RAW_DATA, EXTERNAL_DATA, DATA_LOCATION, ...TYPED_FIELDS];
const LEAST_MOVED = 128;

/** @param order for each node in order of execution, its position in the file */
export function mapWire(
  model: Fields,
  external: readonly ExternalPayload[],
  order: readonly number[],
  isSorted: boolean,
): OnnxWire {
  const frames = new FrameTable(model);
  const graphFields = delimited(model, 7);
  const graphs = graphFields.map((graph) => frames.of(graph, -1));
  const spans = (number: number): { readonly field: WireField; readonly span: Span }[] =>
    graphFields.flatMap((graph, occurrence) =>
      delimited(graph.fields!, number).map((field) => ({
        field,
        span: { frame: graphs[occurrence]!, start: field.start, end: field.end },
      })),
    );
  const byName = (
    numbers: readonly number[],
    namesOf: (fields: Fields, number: number) => Iterable<string>,
  ) => {
    const map = new Map<string, Span[]>();
    for (const number of numbers) {
      for (const { field, span } of spans(number)) {
        for (const name of namesOf(field.fields!, number)) {
          const known = map.get(name);
          if (known) known.push(span);
          else map.set(name, [span]);
        }
      }
    }
    return map;
  };
  const nodes = spans(1).map(({ span }) => span);
  return {
    initializers: byName([5, 15], (fields, number) => [
      number === 5 ? (textOf(fields, 8) ?? '') : sparseName(fields),
    ]),
    inputs: byName([11], (fields) => [textOf(fields, 1) ?? '']),
    valueInfos: byName([13], (fields) => [textOf(fields, 1) ?? '']),
    annotations: byName([14], (fields) => [
      textOf(fields, 1) ?? '',
      ...readEntries(fields, 2).values(),
    ]),
    external: external.map((payload) => frames.locate(payload)),
    embedded: spans(5).flatMap(({ field, span }) =>
      isWorthMoving(field) ? [embeddedTensor(field, frames.of(field, span.frame))] : [],
    ),
    nodes: order.map((position) => nodes[position]!),
    isSorted,
    graphs,
    frames: frames.frames,
  };
}

/** The same field as `readTensorHeader` takes the values from; null if it takes another. */
function rawDataOf({ fields }: WireField): WireField | null {
  if (intOf(fields!, DATA_LOCATION) === 1) return null;
  return delimited(fields!, RAW_DATA).at(-1) ?? null;
}

const isWorthMoving = (tensor: WireField): boolean => {
  const raw = rawDataOf(tensor);
  return raw !== null && raw.end - raw.contentStart >= LEAST_MOVED;
};

function embeddedTensor(tensor: WireField, frame: number): EmbeddedTensor {
  const raw = rawDataOf(tensor)!;
  return {
    dropped: tensor
      .fields!.filter(({ number }) => PAYLOAD_FIELDS.includes(number))
      .map(({ start, end }) => ({ frame, start, end })),
    frame,
    payload: { file: 0, start: raw.contentStart, end: raw.end },
  };
}

const sparseName = (fields: Fields): string =>
  delimited(fields, 1)
    .map(({ fields: values }) => textOf(values!, 8))
    .findLast((name) => name !== undefined) ?? '';

class FrameTable {
  readonly frames: Frame[] = [];
  readonly #model: Fields;
  readonly #indices = new Map<number, number>();

  constructor(model: Fields) {
    this.#model = model;
  }

  of(field: WireField, parent: number): number {
    const known = this.#indices.get(field.contentStart);
    if (known !== undefined) return known;
    const { number: fieldNumber, start, contentStart, end } = field;
    const index = this.frames.push({ fieldNumber, parent, start, contentStart, end }) - 1;
    this.#indices.set(contentStart, index);
    return index;
  }

  locate({ fields, payload }: ExternalPayload): ExternalTensor {
    const dropped = fields.map((field): Span => {
      const { start, end } = field;
      return { frame: this.#around(start), start, end };
    });
    return { dropped, frame: dropped[0]!.frame, payload };
  }

  /** The innermost message around a field, found from the outside in. */
  #around(offset: number): number {
    let frame = -1;
    let fields = this.#model;
    for (;;) {
      const field = lastStartingAtOrBefore(fields, offset);
      if (!field?.fields || field.wireType !== WIRE_BYTES || field.start === offset) return frame;
      frame = this.of(field, frame);
      fields = field.fields;
    }
  }
}

/** Fields are in the order of the file. */
function lastStartingAtOrBefore(fields: Fields, offset: number): WireField | undefined {
  let low = 0;
  let high = fields.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fields[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return fields[low - 1];
}
