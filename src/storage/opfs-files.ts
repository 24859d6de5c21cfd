/** Files in the origin private file system. `createWritable` swaps in what it wrote when closed. */
import { unreadable } from '../core/unreadable.ts';
import type { ByteFiles, Bytes, StoredFile } from './byte-files.ts';
import { storageFailure } from './storage-error.ts';

export class OpfsFiles implements ByteFiles {
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async read(path: string): Promise<Blob | null> {
    try {
      const { folder, name } = await this.#locate(path, false);
      return await (await folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async write(path: string, content: Blob | readonly Bytes[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { folder, name } = await this.#locate(path, true);
    try {
      const existed = await has(folder, name);
      const handle = await folder.getFileHandle(name, { create: true });
      try {
        await fill(handle, content, signal);
      } catch (error) {
        if (!existed) await folder.removeEntry(name); // made empty above
        throw error;
      }
    } catch (error) {
      throw storageFailure(error, 'A file');
    }
  }

  async remove(path: string): Promise<boolean> {
    try {
      const { folder, name } = await this.#locate(path, false);
      await folder.removeEntry(name, { recursive: true });
      return true;
    } catch (error) {
      if (isAbsent(error)) return true;
      // A page that was reloaded in mid-write keeps its hold for a moment.
      if (isNamed(error, 'NoModificationAllowedError')) return false;
      throw error;
    }
  }

  async list(path: string): Promise<readonly StoredFile[]> {
    try {
      const { folder, name } = await this.#locate(path, false);
      return await entriesOf(await folder.getDirectoryHandle(name));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  async #locate(path: string, create: boolean) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = this.#root;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return { folder, name };
  }
}

/** Handing over a part of a Blob is several times as fast as piping its stream. */
const PART_BYTES = 32 * 2 ** 20;

async function fill(
  handle: FileSystemFileHandle,
  content: Blob | readonly Bytes[],
  signal?: AbortSignal,
): Promise<void> {
  const writable = await handle.createWritable();
  try {
    for (const part of content instanceof Blob ? partsOf(content) : content) {
      signal?.throwIfAborted();
      await writable.write(part).catch((error: unknown) => {
        throw part instanceof Blob ? unreadable(error, content as Blob) : error;
      });
    }
    signal?.throwIfAborted();
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined); // it may have failed for good already
    throw error;
  }
}

function* partsOf(blob: Blob): Generator<Blob> {
  for (let start = 0; start < blob.size; start += PART_BYTES) {
    yield blob.slice(start, start + PART_BYTES);
  }
}

async function has(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function entriesOf(folder: FileSystemDirectoryHandle): Promise<StoredFile[]> {
  const entries: StoredFile[] = [];
  for await (const handle of folder.values()) {
    try {
      entries.push({ name: handle.name, byteLength: await byteLengthOf(handle) });
    } catch (error) {
      if (!isAbsent(error)) throw error; // another worker removed it meanwhile
    }
  }
  return entries;
}

async function byteLengthOf(
  handle: FileSystemFileHandle | FileSystemDirectoryHandle,
): Promise<number> {
  if (handle.kind === 'file') return (await handle.getFile()).size;
  const inner = await entriesOf(handle);
  return inner.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

const isAbsent = (error: unknown): boolean => isNamed(error, 'NotFoundError');

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name;
