/** Writes an edit and opens the result again. */
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import {
  type Edit,
  EMPTY_GRAPH_EDIT,
  type GraphEdit,
  payloadKey,
  type TensorSpec,
} from '../../../model/edit.ts';
import { type GraphId, MAIN_GRAPH } from '../../../model/graphs.ts';
import { layoutOnnx } from '../layout.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { openOnnx } from '../open.ts';
import { writeOnnx } from '../write.ts';
import { asFiles } from './build-model.ts';

export const SQUARE: TensorSpec = { name: 'W_new', dtype: 'float32', dims: [4, 4] };
/** What every payload of a `SQUARE` holds. */
export const SQUARE_VALUES = Float32Array.from({ length: 16 }, (_, index) => index / 2);

/** An edit of one graph, the main one unless another is named. */
export const editOf = (
  changes: Partial<GraphEdit>,
  opsets: ReadonlyMap<string, number> = new Map(),
  graph: GraphId = MAIN_GRAPH,
): Edit => ({ graphs: new Map([[graph, { ...EMPTY_GRAPH_EDIT, ...changes }]]), opsets });

export async function applyEdit(model: OnnxModel, edit: Edit) {
  const layout = layoutOnnx(model, edit);
  const keys = [...edit.graphs.values()]
    .flatMap(({ addedTensors }) => addedTensors)
    .filter(({ bytes }) => !bytes)
    .map(payloadKey);
  const payloads = new Map(keys.map((key) => [key, new Uint8Array(SQUARE_VALUES.buffer)]));
  const [file, ...more] = writeOnnx(model, layout, payloads);
  if (!file || more.length > 0) throw new Error('an edited model is one file');
  const bytes = new Uint8Array(await file.blob.arrayBuffer());
  const plannedLength = layout.files[0]?.byteLength;
  const reopened = await openOnnx(asFiles(bytes, file.path));
  return { bytes, plannedLength, reopened, proto: fromBinary(ModelProtoSchema, bytes) };
}
