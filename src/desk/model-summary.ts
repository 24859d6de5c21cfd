import { isFloat } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Model, ValueInfo } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import { viewAsMatrix } from '../plan/matrix-view.ts';
import { TOO_SMALL } from '../plan/plan.ts';
import { DEFAULT_MIN_ELEMENTS } from '../recipe/select.ts';
import type { ModelSummary, WeightSummary } from '../report/model-summary.ts';

/** Figures and names of a model for the page. */
export function summarizeModel(id: string, model: Model, weights: readonly Weight[]): ModelSummary {
  const operators = new Map<string, number>();
  for (const { op, domain } of model.graph.nodes) {
    const name = domain === '' ? op : `${domain}.${op}`;
    operators.set(name, (operators.get(name) ?? 0) + 1);
  }
  const graphs = graphsOf(model);
  return {
    id,
    title: titleOf(model),
    fileName: model.name,
    format: model.format,
    byteLength: model.byteLength,
    opset: model.opsets.get('') ?? 1,
    irVersion: model.irVersion,
    producer: model.producer,
    parameterCount: model.parameterCount,
    nodeCount: model.graph.nodes.length,
    operators: [...operators]
      .map(([op, count]) => ({ op, count }))
      .sort((a, b) => b.count - a.count),
    inputs: model.graph.inputs.map(describe),
    outputs: model.graph.outputs.map(describe),
    weights: floatWeights(weights).map((weight) => summarizeWeight(weight, graphs)),
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

function summarizeWeight(weight: Weight, graphs: ReturnType<typeof graphsOf>): WeightSummary {
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
    group: groupOf(label),
    notCompressible: 'reason' in viewed ? viewed.reason : small,
  };
}

/** "bert.encoder.layer.3.output.dense" → "layer 3"; else the part before the last word. */
export function groupOf(label: string): string {
  const layer = /(?:^|[./_])(?:layers?|blocks?|h|stages?)[./_](\d+)(?:[./_]|$)/.exec(label);
  if (layer) return `layer ${layer[1]}`;
  if (/embed/i.test(label)) return 'embeddings';
  return label.split(/[./]/)[0] || 'other';
}
