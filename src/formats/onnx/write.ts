import { assert } from '../../core/assert.ts';
import type { OnnxModel } from './onnx-model.ts';
import type { OutputFile, OutputLayout, Part } from './output-layout.ts';

export interface WrittenFile {
  readonly path: string;
  readonly blob: Blob;
}

/**
 * The files of a layout, as Blobs over the model's own files: untouched ranges are not copied.
 * @param payloads by the names in the layout, each of exactly the planned length
 */
export const writeOnnx = (
  model: OnnxModel,
  layout: OutputLayout,
  payloads: ReadonlyMap<string, Blob | Uint8Array<ArrayBuffer>>,
): WrittenFile[] => layout.files.map((file) => writeFile(model, file, payloads));

function writeFile(
  model: OnnxModel,
  { path, byteLength, parts }: OutputFile,
  payloads: ReadonlyMap<string, Blob | Uint8Array<ArrayBuffer>>,
): WrittenFile {
  const content = (part: Part): BlobPart => {
    switch (part.kind) {
      case 'bytes':
        return part.bytes;
      case 'copy': {
        const source = model.files[part.range.file];
        assert(source, `${model.name} has a file ${part.range.file}`);
        return source.blob.slice(part.range.start, part.range.end);
      }
      case 'payload': {
        const payload = payloads.get(part.name);
        assert(payload, `there is a payload for ${part.name}`);
        const found = payload instanceof Blob ? payload.size : payload.byteLength;
        assert(
          found === part.byteLength,
          `${part.name} has ${part.byteLength} bytes, not ${found}`,
        );
        return payload;
      }
    }
  };
  const blob = new Blob(parts.map(content));
  assert(blob.size === byteLength, `${path} has ${byteLength} bytes, not ${blob.size}`);
  return { path, blob };
}
