/**
 * The part of onnx.proto that Whittle reads: which messages it walks into and which fields it
 * loads. Everything else is kept in the file as a byte range.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

export type MessageName =
  | 'model'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparseTensor'
  | 'valueInfo'
  | 'valueName'
  | 'type'
  | 'tensorType'
  | 'shape'
  | 'dim'
  | 'annotation'
  | 'entry'
  | 'opset'
  | 'function';

export interface FieldSchema {
  readonly name: string;
  /** A message to walk into. */
  readonly message?: MessageName;
  /** A string or a packed list to load (up to a limit). */
  readonly load?: true;
  /** Unpacked repeated scalars: neighbours are one field; `values` keeps what they hold. */
  readonly run?: 'count' | 'values';
}

const message = (name: string, kind: MessageName): FieldSchema => ({ name, message: kind });
const text = (name: string): FieldSchema => ({ name, load: true });
const other = (name: string): FieldSchema => ({ name });

export const SCHEMA: Readonly<Record<MessageName, Readonly<Record<number, FieldSchema>>>> = {
  model: {
    1: other('ir_version'),
    2: text('producer_name'),
    3: text('producer_version'),
    4: other('domain'),
    5: other('model_version'),
    6: other('doc_string'),
    7: message('graph', 'graph'),
    8: message('opset_import', 'opset'),
    14: message('metadata_props', 'entry'),
    20: other('training_info'),
    25: message('functions', 'function'),
  },
  graph: {
    1: message('node', 'node'),
    2: text('name'),
    5: message('initializer', 'tensor'),
    10: other('doc_string'),
    11: message('input', 'valueInfo'),
    12: message('output', 'valueInfo'),
    13: message('value_info', 'valueName'),
    14: message('quantization_annotation', 'annotation'),
    15: message('sparse_initializer', 'sparseTensor'),
  },
  node: {
    1: text('input'),
    2: text('output'),
    3: text('name'),
    4: text('op_type'),
    5: message('attribute', 'attribute'),
    6: other('doc_string'),
    7: text('domain'),
  },
  attribute: {
    1: text('name'),
    2: other('f'),
    3: other('i'),
    4: text('s'),
    5: message('t', 'tensor'),
    6: message('g', 'graph'),
    7: { name: 'floats', load: true, run: 'values' },
    8: { name: 'ints', load: true, run: 'values' },
    9: text('strings'),
    10: message('tensors', 'tensor'),
    11: message('graphs', 'graph'),
    20: other('type'),
    21: text('ref_attr_name'),
    22: message('sparse_tensor', 'sparseTensor'),
    23: message('sparse_tensors', 'sparseTensor'),
  },
  tensor: {
    1: text('dims'),
    2: other('data_type'),
    3: other('segment'),
    4: { name: 'float_data', run: 'count' },
    5: { name: 'int32_data', load: true, run: 'count' },
    6: other('string_data'),
    7: { name: 'int64_data', load: true, run: 'count' },
    8: text('name'),
    9: other('raw_data'),
    10: { name: 'double_data', run: 'count' },
    11: { name: 'uint64_data', load: true, run: 'count' },
    13: message('external_data', 'entry'),
    14: other('data_location'),
  },
  sparseTensor: {
    1: message('values', 'tensor'),
    2: message('indices', 'tensor'),
    3: text('dims'),
  },
  valueInfo: { 1: text('name'), 2: message('type', 'type') },
  valueName: { 1: text('name') },
  type: { 1: message('tensor_type', 'tensorType') },
  tensorType: { 1: other('elem_type'), 2: message('shape', 'shape') },
  shape: { 1: message('dim', 'dim') },
  dim: { 1: other('dim_value'), 2: text('dim_param') },
  annotation: {
    1: text('tensor_name'),
    2: message('quant_parameter_tensor_names', 'entry'),
  },
  entry: { 1: text('key'), 2: text('value') },
  opset: { 1: text('domain'), 2: other('version') },
  function: {
    1: text('name'),
    4: text('input'),
    5: text('output'),
    7: message('node', 'node'),
    9: message('opset_import', 'opset'),
    10: text('domain'),
    12: message('value_info', 'valueName'),
  },
};
