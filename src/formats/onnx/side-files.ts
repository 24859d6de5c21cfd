/** The side files of an output that is too long for one file: which payload is where. */
import { StudioError } from '../../core/studio-error.ts';
import type { DataReference } from './encode.ts';
import type { OutputFile, Part } from './output-layout.ts';
import { fileName } from './pick-model-file.ts';

export interface OutputLimits {
  /** Bytes of any file of the output. */
  readonly largestFile: number;
  /** Bytes from which a tensor goes beside the model, if anything does. */
  readonly leastExternal: number;
}

/** Long tensors start where memory pages do, so that a runtime may map them. */
const PAGE = 4096;
const LEAST_PAGED = 1024 * 1024;
const ALIGNMENT = 64;

interface SideFile {
  readonly location: string;
  readonly parts: Part[];
  byteLength: number;
}

export class SideFiles {
  readonly #graphPath: string;
  readonly #limits: OutputLimits;
  readonly #files: SideFile[] = [];
  readonly #copies = new Map<string, DataReference>();

  constructor(graphPath: string, limits: OutputLimits) {
    this.#graphPath = graphPath;
    this.#limits = limits;
  }

  isWorthMoving = (length: number): boolean => length >= this.#limits.leastExternal;

  /**
   * Puts a payload into a side file; one that several tensors share, once.
   * @throws too-large if it is longer than a file may be
   */
  place(part: Part, length: number, label: string): DataReference {
    const key = part.kind === 'copy' ? Object.values(part.range).join() : null;
    const known = key === null ? undefined : this.#copies.get(key);
    if (known) return known;
    if (length > this.#limits.largestFile) {
      throw new StudioError(
        'too-large',
        `${label} would have ${length} bytes; Whittle writes files of at most ${this.#limits.largestFile}. Choose fewer bits.`,
        { detail: { file: this.#graphPath } },
      );
    }
    const file = this.#fileFor(length);
    const offset = aligned(file.byteLength, length);
    if (offset > file.byteLength) {
      file.parts.push({ kind: 'bytes', bytes: new Uint8Array(offset - file.byteLength) });
    }
    file.parts.push(part);
    file.byteLength = offset + length;
    const reference = { location: file.location, offset, length };
    if (key !== null) this.#copies.set(key, reference);
    return reference;
  }

  files(): OutputFile[] {
    const folder = this.#graphPath.slice(0, -fileName(this.#graphPath).length);
    return this.#files.map(({ location, byteLength, parts }) => ({
      path: `${folder}${location}`,
      byteLength,
      parts,
    }));
  }

  #fileFor(length: number): SideFile {
    const last = this.#files.at(-1);
    if (last && aligned(last.byteLength, length) + length <= this.#limits.largestFile) return last;
    const index = this.#files.length;
    // Readers, this one too, take these characters for a way out of the folder.
    const stem = fileName(this.#graphPath).replace(/[\\:\0]/g, '_');
    const location = index === 0 ? `${stem}.data` : `${stem}.${index}.data`;
    const file: SideFile = { location, parts: [], byteLength: 0 };
    this.#files.push(file);
    return file;
  }
}

const aligned = (offset: number, length: number): number => {
  const step = length >= LEAST_PAGED ? PAGE : ALIGNMENT;
  return Math.ceil(offset / step) * step;
};
