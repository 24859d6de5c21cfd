/** The messages of a file that a writer may have to change, each once, by index. */

import type { Fields } from './fields.ts';
import type { ExternalTensor, Frame, Span } from './onnx-model.ts';
import type { ExternalPayload } from './reading.ts';
import { WIRE_BYTES, type WireField } from './wire-tree.ts';

export class FrameTable {
  readonly frames: Frame[] = [];
  readonly #model: Fields;
  readonly #indices = new Map<number, number>();

  constructor(model: Fields) {
    this.#model = model;
  }

  of(field: WireField, parent: number): number {
    const known = this.#indices.get(field.contentStart);
    if (known !== undefined) return known;
    const { number: fieldNumber, start, contentStart, end } = field;
    const index = this.frames.push({ fieldNumber, parent, start, contentStart, end }) - 1;
    this.#indices.set(contentStart, index);
    return index;
  }

  locate({ fields, payload }: ExternalPayload): ExternalTensor {
    const dropped = fields.map((field): Span => {
      const { start, end } = field;
      return { frame: this.#around(start), start, end };
    });
    return { dropped, frame: dropped[0]!.frame, payload };
  }

  /** The innermost message around a field, found from the outside in. */
  #around(offset: number): number {
    let frame = -1;
    let fields = this.#model;
    for (;;) {
      const field = lastStartingAtOrBefore(fields, offset);
      if (!field?.fields || field.wireType !== WIRE_BYTES || field.start === offset) return frame;
      frame = this.of(field, frame);
      fields = field.fields;
    }
  }
}

/** Fields are in the order of the file. */
function lastStartingAtOrBefore(fields: Fields, offset: number): WireField | undefined {
  let low = 0;
  let high = fields.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fields[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return fields[low - 1];
}
