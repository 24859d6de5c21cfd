import { isFloat } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Model, ValueInfo } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import { storedPlace, viewAsMatrix } from '../plan/matrix-view.ts';
import { TOO_SMALL } from '../plan/plan.ts';
import { DEFAULT_MIN_ELEMENTS } from '../recipe/select.ts';
import type { ModelSummary, WeightSummary } from '../report/model-summary.ts';
import { groupWeights } from './group-weights.ts';

type Graphs = ReturnType<typeof graphsOf>;

/** A file may hold megabytes of notes about itself. */
const MOST_METADATA = 200;
const LONGEST_KEY = 200;
const LONGEST_VALUE = 2000;

/** Figures and names of a model for the page. */
export function summarizeModel(id: string, model: Model, weights: readonly Weight[]): ModelSummary {
  const graphs = graphsOf(model);
  const operators = new Map<string, number>();
  let nodeCount = 0;
  for (const { nodes } of graphs.values()) {
    nodeCount += nodes.length;
    for (const { op, domain } of nodes) {
      const name = domain === '' ? op : `${domain}.${op}`;
      operators.set(name, (operators.get(name) ?? 0) + 1);
    }
  }
  return {
    id,
    title: titleOf(model),
    fileName: model.name,
    format: model.format,
    byteLength: model.byteLength,
    opset: model.opsets.get('') ?? 1,
    opsets: [...model.opsets].map(([domain, version]) => ({ domain, version })),
    irVersion: model.irVersion,
    producer: model.producer,
    parameterCount: model.parameterCount,
    nodeCount,
    operators: [...operators]
      .map(([op, count]) => ({ op, count }))
      .sort((a, b) => b.count - a.count),
    inputs: model.graph.inputs.map(describe),
    outputs: model.graph.outputs.map(describe),
    metadata: [...model.metadata].slice(0, MOST_METADATA).map(([key, value]) => ({
      key: cut(key, LONGEST_KEY),
      value: cut(value, LONGEST_VALUE),
    })),
    weights: summarizeWeights(floatWeights(weights), graphs),
    notes: model.notes.map(({ message }) => message),
  };
}

/** Weights that hold real values; shapes, indices and masks are not the person's business. */
export const floatWeights = (weights: readonly Weight[]): readonly Weight[] =>
  weights.filter(({ tensor }) => isFloat(tensor.dtype));

/** The folder's name where there is one, else the file's without its extension. */
export function titleOf(model: Model): string {
  const path = model.files[0]?.path ?? model.name;
  const folders = path.split('/').slice(0, -1);
  const folder = folders.findLast((name) => name !== 'onnx' && name !== '');
  return folder ?? model.name.replace(/\.onnx$/i, '');
}

function describe({ name, dtype, dims }: ValueInfo): { name: string; type: string } {
  const shape = dims?.map((dim) => dim ?? '?').join(' × ') ?? 'any shape';
  return { name, type: `${dtype ?? 'unknown'} ${shape}` };
}

const cut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room)}… (${text.length} characters)`;

function summarizeWeights(weights: readonly Weight[], graphs: Graphs): readonly WeightSummary[] {
  const groups = groupWeights(weights.map(({ label }) => label));
  const places = weights.map((_, index) => index);
  places.sort((a, b) => byName.compare(weights[a]?.label ?? '', weights[b]?.label ?? ''));
  const order = new Map(places.map((index, place) => [index, place]));
  return weights.map((weight, index) => ({
    ...summarizeWeight(weight, graphs),
    ...(groups[index] ?? { group: 'other', series: null }),
    order: order.get(index) ?? index,
  }));
}

const byName = new Intl.Collator('en', { numeric: true });

function summarizeWeight(
  weight: Weight,
  graphs: Graphs,
): Omit<WeightSummary, 'group' | 'series' | 'order'> {
  const { tensor, uses, name, label } = weight;
  const viewed = viewAsMatrix(weight, graphs);
  const small = elementCount(tensor.dims) < DEFAULT_MIN_ELEMENTS ? TOO_SMALL : null;
  return {
    name,
    label,
    op: [...new Set(uses.map(({ op }) => op))].join(', ') || 'none',
    dims: tensor.dims,
    dtype: tensor.dtype,
    elementCount: elementCount(tensor.dims),
    byteLength: tensor.storedByteLength,
    uses: uses.map(({ op, nodeName }) => ({ op, nodeName })),
    notCompressible: 'reason' in viewed ? viewed.reason : small,
    place: 'view' in viewed ? storedPlace(viewed.view, weight) : null,
  };
}
