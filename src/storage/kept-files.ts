/** Files under their SHA-256: what two sessions or runs share is kept once. */
import type { OutputFile } from '../report/report.ts';
import type { ByteFiles } from './byte-files.ts';

export const FILES_FOLDER = 'files';

/** A file with its contents, hashed already. */
export interface HashedFile extends OutputFile {
  readonly blob: Blob;
}

export class KeptFiles {
  readonly #files: ByteFiles;

  constructor(files: ByteFiles) {
    this.#files = files;
  }

  /** Those that are not here yet. */
  async missing<F extends OutputFile>(files: readonly F[]): Promise<readonly F[]> {
    const found = await Promise.all(files.map((file) => this.#find(file)));
    return files.filter((_, index) => !found[index]);
  }

  /** Keeps all of them or none. @throws quota; the signal's reason */
  async keep(files: readonly HashedFile[], signal?: AbortSignal): Promise<void> {
    const written: string[] = [];
    try {
      for (const { sha256, blob } of await this.missing(files)) {
        await this.#files.write(pathOf(sha256), blob, signal);
        written.push(sha256);
      }
    } catch (error) {
      for (const sha256 of written) await this.#files.remove(pathOf(sha256));
      throw error;
    }
  }

  /** The files under their own paths; null unless all of them are here, whole. */
  async open(
    files: readonly OutputFile[],
  ): Promise<readonly { readonly path: string; readonly blob: Blob }[] | null> {
    const opened: { path: string; blob: Blob }[] = [];
    for (const file of files) {
      const blob = await this.#find(file);
      if (!blob) return null;
      opened.push({ path: file.path, blob });
    }
    return opened;
  }

  /** Removes every file that none of `used` names. */
  async sweep(used: ReadonlySet<string>): Promise<void> {
    for (const { name } of await this.#files.list(FILES_FOLDER)) {
      if (!used.has(name)) await this.#files.remove(pathOf(name));
    }
  }

  async #find({ sha256, byteLength }: OutputFile): Promise<Blob | null> {
    const blob = await this.#files.read(pathOf(sha256));
    return blob?.size === byteLength ? blob : null;
  }
}

const pathOf = (sha256: string): string => `${FILES_FOLDER}/${sha256}`;
