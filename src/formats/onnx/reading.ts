/** What reading one file accumulates beside the graph itself. */
import type { ByteRange, ModelNote, Tensor } from '../../model/model.ts';
import type { ExternalFiles } from './external-data.ts';
import type { WireField } from './wire-tree.ts';

const NOTES_OF_A_KIND = 5;

export interface ExternalPayload {
  /** Fields that say where the payload is, and any stray data beside them. */
  readonly fields: readonly WireField[];
  readonly payload: ByteRange;
}

export class Reading {
  /** The graph's file as people know it, without folder. */
  readonly file: string;
  readonly files: ExternalFiles;
  readonly external: ExternalPayload[] = [];
  /** Sparse tensors whose indices are still to be checked. */
  readonly sparse: { readonly tensor: Tensor; readonly path: string }[] = [];
  readonly #notes = new Map<string, { readonly first: ModelNote[]; count: number }>();

  constructor(file: string, files: ExternalFiles) {
    this.file = file;
    this.files = files;
  }

  /** Notes of one kind beyond the first few are counted only. */
  note(kind: string, message: string, path?: string): void {
    const known = this.#notes.get(kind) ?? { first: [], count: 0 };
    this.#notes.set(kind, known);
    known.count++;
    if (known.first.length < NOTES_OF_A_KIND) {
      known.first.push(path === undefined ? { message } : { message, path });
    }
  }

  notes(): ModelNote[] {
    return [...this.#notes.values()].flatMap(({ first, count }) =>
      count > first.length
        ? [...first, { message: `${count - first.length} more like the last one.` }]
        : first,
    );
  }
}
