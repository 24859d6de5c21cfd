/**
 * onnx.proto as Whittle reads it: which messages it keeps, which it walks into only because a file
 * that breaks inside them is one that no protobuf reader opens, and which fields it loads.
 * Everything else is kept in the file as a byte range.
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
  | 'function'
  | 'otherType'
  | 'mapType'
  | 'segment'
  | 'training'
  | 'configuration'
  | 'nodeDevice'
  | 'sharding'
  | 'shardedDim';

export interface FieldSchema {
  readonly name: string;
  /** A message to walk into. */
  readonly message?: MessageName;
  /** Its fields are checked as the file is read, and not kept. */
  readonly checkOnly?: true;
  /** A string or a packed list to load (up to a limit). */
  readonly load?: true;
  /** Raw values to load where they are few: a shape, a list of axes. */
  readonly loadShort?: true;
  /** Unpacked repeated scalars: neighbours are one field; `values` keeps what they hold. */
  readonly run?: 'count' | 'values';
  /** What a packed list holds: varints, or values of so many bytes. */
  readonly packed?: 'varint' | 4 | 8;
}

const message = (name: string, kind: MessageName): FieldSchema => ({ name, message: kind });
const checked = (name: string, kind: MessageName): FieldSchema => ({
  ...message(name, kind),
  checkOnly: true,
});
const text = (name: string): FieldSchema => ({ name, load: true });
const dims: FieldSchema = { name: 'dims', load: true, packed: 'varint' };
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
    20: checked('training_info', 'training'),
    25: message('functions', 'function'),
    26: checked('configuration', 'configuration'),
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
    16: checked('metadata_props', 'entry'),
  },
  node: {
    1: text('input'),
    2: text('output'),
    3: text('name'),
    4: text('op_type'),
    5: message('attribute', 'attribute'),
    6: other('doc_string'),
    7: text('domain'),
    9: checked('metadata_props', 'entry'),
    10: checked('device_configurations', 'nodeDevice'),
  },
  attribute: {
    1: text('name'),
    2: other('f'),
    3: other('i'),
    4: text('s'),
    5: message('t', 'tensor'),
    6: message('g', 'graph'),
    7: { name: 'floats', load: true, run: 'values', packed: 4 },
    8: { name: 'ints', load: true, run: 'values', packed: 'varint' },
    9: text('strings'),
    10: message('tensors', 'tensor'),
    11: message('graphs', 'graph'),
    14: checked('tp', 'type'),
    15: checked('type_protos', 'type'),
    20: other('type'),
    21: text('ref_attr_name'),
    22: message('sparse_tensor', 'sparseTensor'),
    23: message('sparse_tensors', 'sparseTensor'),
  },
  tensor: {
    1: dims,
    2: other('data_type'),
    3: message('segment', 'segment'),
    4: { name: 'float_data', run: 'count', packed: 4 },
    5: { name: 'int32_data', load: true, run: 'count', packed: 'varint' },
    6: other('string_data'),
    7: { name: 'int64_data', load: true, run: 'count', packed: 'varint' },
    8: text('name'),
    9: { name: 'raw_data', loadShort: true },
    10: { name: 'double_data', run: 'count', packed: 8 },
    11: { name: 'uint64_data', load: true, run: 'count', packed: 'varint' },
    13: message('external_data', 'entry'),
    14: other('data_location'),
    16: checked('metadata_props', 'entry'),
  },
  sparseTensor: {
    1: message('values', 'tensor'),
    2: message('indices', 'tensor'),
    3: dims,
  },
  valueInfo: {
    1: text('name'),
    2: message('type', 'type'),
    4: checked('metadata_props', 'entry'),
  },
  valueName: {
    1: text('name'),
    2: checked('type', 'type'),
    4: checked('metadata_props', 'entry'),
  },
  type: {
    1: message('tensor_type', 'tensorType'),
    4: message('sequence_type', 'otherType'),
    5: message('map_type', 'mapType'),
    8: message('sparse_tensor_type', 'tensorType'),
    9: message('optional_type', 'otherType'),
  },
  otherType: { 1: checked('elem_type', 'type') },
  mapType: { 2: checked('value_type', 'type') },
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
    11: checked('attribute_proto', 'attribute'),
    12: message('value_info', 'valueName'),
    14: checked('metadata_props', 'entry'),
  },
  segment: {},
  training: {
    1: checked('initialization', 'graph'),
    2: checked('algorithm', 'graph'),
    3: checked('initialization_binding', 'entry'),
    4: checked('update_binding', 'entry'),
  },
  configuration: {},
  nodeDevice: { 2: checked('sharding_spec', 'sharding') },
  sharding: {
    3: checked('index_to_device_group_map', 'entry'),
    4: checked('sharded_dim', 'shardedDim'),
  },
  shardedDim: { 2: checked('simple_sharding', 'entry') },
};
