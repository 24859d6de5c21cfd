/** Models whose weights, those of bodies too, are in a side file. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import type { SourceFile } from '../../../model/model.ts';

/** The model with every initializer, wherever it is, in one side file. */
export function besideIn(bytes: Uint8Array): SourceFile[] {
  const model = fromBinary(ModelProtoSchema, bytes);
  const contents: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  const visit = ({ initializer, node }: GraphProto) => {
    for (const tensor of initializer) {
      if (tensor.rawData.length === 0) continue;
      const reference = { location: 'all.data', offset, length: tensor.rawData.length };
      tensor.externalData = Object.entries(reference).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value: String(value) }),
      );
      contents.push(new Uint8Array(tensor.rawData));
      offset += tensor.rawData.length;
      tensor.rawData = new Uint8Array(0);
      tensor.dataLocation = 1;
    }
    for (const { g } of node.flatMap(({ attribute }) => attribute)) if (g) visit(g);
  };
  if (model.graph) visit(model.graph);
  return [
    { path: 'm/model.onnx', blob: new Blob([new Uint8Array(toBinary(ModelProtoSchema, model))]) },
    { path: 'm/all.data', blob: new Blob(contents) },
  ];
}
