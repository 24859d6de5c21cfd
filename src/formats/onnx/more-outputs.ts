/** A graph that also gives values from its inside, made without touching its bytes. */
import type { NodeSpec } from '../../model/edit.ts';
import { writeNode } from './encode.ts';
import { encode, type ProtoWriter } from './proto-writer.ts';

/** Field numbers: ModelProto.graph, GraphProto.node and .output, ValueInfoProto.name. */
const GRAPH = 7;
const NODE = 1;
const OUTPUT = 12;
const NAME = 1;

/**
 * `graph` with `values` as further outputs. Parsers of protobuf merge a second `graph` field into
 * the first, and runtimes find out types and shapes of outputs that have only names.
 * - `graph`  — a whole ModelProto
 * - `values` — names of values of its main graph that are not outputs yet
 * - `nodes`  — to run after its own, which may give some of `values`
 */
export function withMoreOutputs(
  graph: Blob,
  values: readonly string[],
  nodes: readonly NodeSpec[] = [],
): Blob {
  const more = encode((writer) =>
    writer.message(GRAPH, (own) => {
      for (const node of nodes) own.message(NODE, () => writeNode(own, node));
      for (const value of values) writeOutput(own, value);
    }),
  );
  return new Blob([graph, more]);
}

const writeOutput = (writer: ProtoWriter, value: string): void =>
  writer.message(OUTPUT, (own) => own.textField(NAME, value));
