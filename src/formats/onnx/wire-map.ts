/** Where the messages of all graphs are, for the writer. */
import { bodyId, functionId, type GraphId, MAIN_GRAPH } from '../../model/graphs.ts';
import { TYPED_FIELDS } from './data-type.ts';
import { delimited, type Fields } from './fields.ts';
import { FrameTable } from './frame-table.ts';
import { mapGraph } from './map-graph.ts';
import type { EmbeddedTensor, GraphWire, OnnxWire, Span, SpansByName } from './onnx-model.ts';
import type { OrderedGraph } from './order-graph.ts';
import { bodiesOf } from './read-node.ts';
import { opsetDomain } from './read-opsets.ts';
import type { ExternalPayload } from './reading.ts';
import { isExternal } from './tensor-header.ts';
import type { WireField } from './wire-tree.ts';

const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** Everything in a tensor that says where its values are. */
const PAYLOAD_FIELDS: readonly number[] = [RAW_DATA, EXTERNAL_DATA, DATA_LOCATION, ...TYPED_FIELDS];
const LEAST_MOVED = 128;
const MODEL = -1;

interface Waiting {
  readonly id: GraphId;
  readonly kind: GraphWire['kind'];
  readonly occurrences: Fields;
  readonly frames: readonly number[];
  readonly ordered: OrderedGraph;
}

export function mapWire(
  model: Fields,
  external: readonly ExternalPayload[],
  main: OrderedGraph,
  functions: readonly OrderedGraph[],
): OnnxWire {
  const table = new FrameTable(model);
  const occurrences = delimited(model, 7);
  const functionFields = delimited(model, 25);
  const framesOf = (fields: Fields, parent: number) =>
    fields.map((field) => table.of(field, parent));
  const frames = framesOf(occurrences, MODEL);
  const graphs = new Map<GraphId, GraphWire>();
  const waiting: Waiting[] = [
    { id: MAIN_GRAPH, kind: 'graph', occurrences, frames, ordered: main },
    ...functions.map((ordered, index): Waiting => {
      const own = functionFields.slice(index, index + 1);
      const id = functionId(index);
      return { id, kind: 'function', occurrences: own, frames: framesOf(own, MODEL), ordered };
    }),
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { id, kind, ordered } = next;
    const mapped = mapGraph(kind, next.occurrences, next.frames, ordered);
    graphs.set(id, mapped.wire);
    ordered.order.forEach((position, nodeIndex) => {
      const inner = ordered.bodies.get(position);
      const field = mapped.nodeFields[position];
      if (!inner || !field) return;
      const node = table.of(field, mapped.wire.nodes[nodeIndex]!.frame);
      const places = delimited(field.fields!, 5).flatMap((attribute) =>
        bodiesOf(attribute.fields!).map((body) => ({ body, frame: table.of(attribute, node) })),
      );
      places.forEach(({ body, frame }, at) => {
        waiting.push({
          id: bodyId(id, nodeIndex, at),
          kind: 'graph',
          occurrences: body.occurrences,
          frames: framesOf(body.occurrences, frame),
          ordered: inner[at]!,
        });
      });
    });
  }
  return {
    graphs,
    irVersion: model.flatMap((field) => (field.number === 1 ? [spanIn(MODEL, field)] : [])),
    opsets: opsetSpans(model, 8, MODEL),
    functionOpsets: functionFields.map((field) =>
      opsetSpans(field.fields!, 9, table.of(field, MODEL)),
    ),
    external: external.map((payload) => table.locate(payload)),
    embedded: occurrences.flatMap((graph, at) =>
      delimited(graph.fields!, 5).flatMap((tensor) =>
        isWorthMoving(tensor) ? [embeddedTensor(tensor, table.of(tensor, frames[at]!))] : [],
      ),
    ),
    frames: table.frames,
  };
}

const spanIn = (frame: number, { start, end }: WireField): Span => ({ frame, start, end });

function opsetSpans(fields: Fields, number: number, frame: number): SpansByName {
  const spans = new Map<string, Span[]>();
  for (const field of delimited(fields, number)) {
    const domain = opsetDomain(field.fields!);
    const known = spans.get(domain);
    if (known) known.push(spanIn(frame, field));
    else spans.set(domain, [spanIn(frame, field)]);
  }
  return spans;
}

/** The same field as `readTensorHeader` takes the values from; null if it takes another. */
function rawDataOf({ fields }: WireField): WireField | null {
  if (isExternal(fields!)) return null;
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
      .map((field) => spanIn(frame, field)),
    frame,
    payload: { file: 0, start: raw.contentStart, end: raw.end },
  };
}
