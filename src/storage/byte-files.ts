/** Bytes under paths such as `files/3fa9…`: the origin private file system, or a fake of it. */

export type Bytes = Uint8Array<ArrayBuffer>;

export interface StoredFile {
  readonly name: string;
  readonly byteLength: number;
}

/** Every part of a path is made by Whittle (a hash, an id): names from files never become paths. */
export interface ByteFiles {
  /** The file as a handle, nothing read; null if there is none. */
  read(path: string): Promise<Blob | null>;
  /**
   * Writes all of it or nothing; replaces what was there.
   * @throws quota if the disk is full; the signal's reason
   */
  write(path: string, content: Blob | readonly Bytes[], signal?: AbortSignal): Promise<void>;
  /**
   * Removes a file, or a folder with all it holds; there may be none. False if something still
   * writes there: then it stays, for a later sweep.
   */
  remove(path: string): Promise<boolean>;
  /** What lies in a folder; folders in it count with all that they hold. */
  list(folder: string): Promise<readonly StoredFile[]>;
}
