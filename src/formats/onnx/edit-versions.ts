/** Operator sets and the IR version of an edited model. */
import type { Edit, GraphEdit } from '../../model/edit.ts';
import { functionId, isInside, MAIN_GRAPH } from '../../model/graphs.ts';
import { writeOpset } from './encode.ts';
import { drop, insertAtEnd, type NewBytes } from './new-bytes.ts';
import type { OnnxModel, SpansByName } from './onnx-model.ts';
import type { Change } from './rewrite.ts';

const MODEL = -1;
const FIRST_IR_WITHOUT_LISTED_INITIALIZERS = 4;
/** The first opset of the default domain that came with each IR version, newest first. */
const FIRST_OPSETS: readonly (readonly [ir: number, opset: number])[] = [
  ...([
    [13, 25],
    [12, 24],
    [11, 23],
    [10, 21],
    [9, 19],
  ] as const),
  ...([
    [8, 15],
    [7, 12],
    [6, 11],
    [5, 10],
    [4, 9],
  ] as const),
];

/** The IR version of the output: higher than the model's only where its opset is raised. */
export function irVersionOf({ irVersion, opsets }: OnnxModel, edit: Edit): number {
  const raised = edit.opsets.get('') ?? 0;
  if (raised <= (opsets.get('') ?? 0)) return irVersion;
  const needed = FIRST_OPSETS.find(([, opset]) => raised >= opset)?.[0] ?? 0;
  return Math.max(irVersion, needed);
}

/** Imports that are missing or too low, of the model and its functions, and the IR version. */
export function changeVersions(model: OnnxModel, edit: Edit, fresh: NewBytes): Change[] {
  const changes = setOpsets(model, MODEL, 8, model.wire.opsets, model.opsets, edit.opsets, fresh);
  model.functions.forEach(({ opsets }, index) => {
    const wanted = functionImports(model, index, opsets, edit);
    const spans = model.wire.functionOpsets[index]!;
    const frame = model.wire.graphs.get(functionId(index))!.frames[0]!;
    changes.push(...setOpsets(model, frame, 9, spans, opsets, wanted, fresh));
  });
  const irVersion = irVersionOf(model, edit);
  if (irVersion === model.irVersion) return changes;
  const part = fresh.part((writer) => writer.varintField(1, irVersion));
  const [last, ...others] = [...model.wire.irVersion].reverse();
  changes.push(last ? { ...last, parts: [part] } : insertAtEnd(model, MODEL, [part]));
  changes.push(...others.map(drop));
  return [...changes, ...unlistInitializers(model, irVersion)];
}

function setOpsets(
  model: OnnxModel,
  frame: number,
  field: number,
  spans: SpansByName,
  present: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
  fresh: NewBytes,
): Change[] {
  return [...wanted].flatMap(([domain, version]) => {
    if ((present.get(domain) ?? 0) >= version) return [];
    const part = fresh.part((writer) =>
      writer.message(field, () => writeOpset(writer, domain, version)),
    );
    const [last, ...others] = [...(spans.get(domain) ?? [])].reverse();
    const change = last ? { ...last, parts: [part] } : insertAtEnd(model, frame, [part]);
    return [change, ...others.map(drop)];
  });
}

/** What the new nodes of a function need, and what it imports raised as for the model. */
function functionImports(
  model: OnnxModel,
  index: number,
  present: ReadonlyMap<string, number>,
  edit: Edit,
): ReadonlyMap<string, number> {
  const id = functionId(index);
  const wanted = new Map([...edit.opsets].filter(([domain]) => present.has(domain)));
  for (const [graph, own] of edit.graphs) {
    if (graph !== id && !isInside(graph, id)) continue;
    for (const domain of domainsOf(own)) {
      if (present.has(domain)) continue;
      wanted.set(domain, edit.opsets.get(domain) ?? model.opsets.get(domain) ?? 1);
    }
  }
  return wanted;
}

function domainsOf({ addedTensors, prelude, replacedNodes }: GraphEdit): ReadonlySet<string> {
  const nodes = [...prelude, ...[...replacedNodes.values()].flat()];
  const domains = new Set<string>(nodes.map(({ domain }) => domain));
  if (addedTensors.length > 0) domains.add('');
  return domains;
}

/** Where initializers had to be inputs they were constants; now those would be defaults. */
function unlistInitializers(model: OnnxModel, irVersion: number): Change[] {
  if (model.irVersion >= FIRST_IR_WITHOUT_LISTED_INITIALIZERS) return [];
  if (irVersion < FIRST_IR_WITHOUT_LISTED_INITIALIZERS) return [];
  const { initializers, inputs } = model.wire.graphs.get(MAIN_GRAPH)!;
  return [...initializers.keys()].flatMap((name) => (inputs.get(name) ?? []).map(drop));
}
