/** What an output will be, before any payload is computed; the writer follows it to the byte. */
import type { ByteRange } from '../../model/model.ts';

export type Part =
  | { readonly kind: 'copy'; readonly range: ByteRange }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'payload'; readonly name: string; readonly byteLength: number };

export interface OutputFile {
  readonly path: string;
  readonly byteLength: number;
  readonly parts: readonly Part[];
}

export interface OutputLayout {
  readonly files: readonly OutputFile[];
}

export function partLength(part: Part): number {
  switch (part.kind) {
    case 'copy':
      return part.range.end - part.range.start;
    case 'bytes':
      return part.bytes.length;
    case 'payload':
      return part.byteLength;
  }
}
