/** Room on the disk as the browser estimates it. */

export interface Quota {
  /** Bytes that may still be written; null if the browser does not say. */
  free(): Promise<number | null>;
}

export const browserQuota: Quota = {
  async free() {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  },
};

/** What is opened may fill half of what is free: the other half is for what comes of it. */
export const fitsBesideOutputs = (byteLength: number, free: number | null): boolean =>
  free === null || byteLength <= free / 2;
