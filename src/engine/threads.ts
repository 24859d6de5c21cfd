/**
 * WASM threads of this engine: all cores up to eight, or what the page put into the worker's name
 * (`engine threads=1`). The runtime reads its count once, so another count needs another engine.
 */
export function wantedThreads(name: string): number {
  if (!globalThis.crossOriginIsolated) return 1;
  const wanted = Number(/\bthreads=(\d+)/.exec(name)?.[1] ?? 8);
  return Math.max(1, Math.min(wanted, 8, navigator.hardwareConcurrency));
}
