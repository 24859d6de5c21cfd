/** The changes that edits are made of. */
import type { OnnxModel, Span } from './onnx-model.ts';
import type { Part } from './output-layout.ts';
import { ProtoWriter } from './proto-writer.ts';
import type { Change } from './rewrite.ts';

const MODEL = -1;

/** New bytes of one output, all in the chunks of one writer. */
export class NewBytes {
  readonly #writer = new ProtoWriter();

  part(write: (writer: ProtoWriter) => void): Part {
    write(this.#writer);
    return { kind: 'bytes', bytes: this.#writer.take() };
  }
}

export const drop = ({ frame, start, end }: Span): Change => ({ frame, start, end, parts: [] });

/** At the end of a message; −1 is the model. */
export function insertAtEnd(model: OnnxModel, frame: number, parts: readonly Part[]): Change {
  const end = frame === MODEL ? (model.files[0]?.blob.size ?? 0) : model.wire.frames[frame]!.end;
  return { frame, start: end, end, parts };
}
