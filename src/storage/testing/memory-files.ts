import { StudioError } from '../../core/studio-error.ts';
import type { ByteFiles, Bytes, StoredFile } from '../byte-files.ts';

/** A file system in memory that holds at most `quota` bytes. */
export class MemoryFiles implements ByteFiles {
  readonly stored = new Map<string, Blob>();
  quota: number;

  constructor(quota = Number.POSITIVE_INFINITY) {
    this.quota = quota;
  }

  get usage(): number {
    return [...this.stored.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async read(path: string): Promise<Blob | null> {
    return this.stored.get(path) ?? null;
  }

  async write(path: string, content: Blob | readonly Bytes[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const blob = content instanceof Blob ? content : new Blob([...content]);
    const replaced = this.stored.get(path)?.size ?? 0;
    if (this.usage - replaced + blob.size > this.quota) {
      throw new StudioError('quota', 'A file was not kept: the disk is full.');
    }
    this.stored.set(path, blob);
  }

  async remove(path: string): Promise<boolean> {
    for (const key of this.stored.keys()) {
      if (key === path || key.startsWith(`${path}/`)) this.stored.delete(key);
    }
    return true;
  }

  async list(folder: string): Promise<readonly StoredFile[]> {
    const bytes = new Map<string, number>();
    for (const [path, { size }] of this.stored) {
      if (!path.startsWith(`${folder}/`)) continue;
      const [name = ''] = path.slice(folder.length + 1).split('/');
      bytes.set(name, (bytes.get(name) ?? 0) + size);
    }
    return [...bytes].map(([name, byteLength]) => ({ name, byteLength }));
  }
}
