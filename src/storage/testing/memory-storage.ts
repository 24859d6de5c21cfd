import type { Storage } from '../storage.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecords } from './memory-records.ts';

/** A browser's storage in memory; give the same one to two tabs, or to two visits. */
export function memoryStorage(quota?: number) {
  const files = new MemoryFiles(quota);
  return {
    files,
    records: new MemoryRecords(),
    locks: new MemoryLocks(),
    quota: { free: async () => files.quota - files.usage },
  } satisfies Storage;
}
