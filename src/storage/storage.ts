/** What a browser offers for keeping things, together. Works in pages and workers. */
import { StudioError } from '../core/studio-error.ts';
import type { ByteFiles } from './byte-files.ts';
import { openRecords } from './idb-records.ts';
import { type Locks, webLocks } from './locks.ts';
import { OpfsFiles } from './opfs-files.ts';
import { browserQuota, type Quota } from './quota.ts';
import type { Records } from './records.ts';

export interface Storage {
  readonly files: ByteFiles;
  readonly records: Records;
  readonly locks: Locks;
  readonly quota: Quota;
}

const NAME = 'whittle';

/** @throws no-storage where the browser has none of it, as in some private windows */
export async function openStorage(): Promise<Storage> {
  const { storage, locks } = navigator as Partial<typeof navigator>;
  const able = storage && locks && typeof FileSystemFileHandle !== 'undefined';
  if (!able || !('createWritable' in FileSystemFileHandle.prototype)) {
    throw new StudioError('no-storage', 'This browser has no disk space for pages.');
  }
  const records = await openRecords(NAME);
  try {
    const root = await storage.getDirectory();
    const folder = await root.getDirectoryHandle(NAME, { create: true });
    return { files: new OpfsFiles(folder), records, locks: webLocks(locks), quota: browserQuota };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('no-storage', `The browser gives this page no disk space (${reason}).`, {
      cause,
    });
  }
}
