/** How long a person waits who comes for the first time: the download, then the session. */
import type { Run } from '../../../state/run.ts';

/** A slow and a usual connection, in 10⁶ bits a second. */
export const SPEEDS_MBIT = [10, 50] as const;

/** Bytes that cross the line; null if gzip was not measured. */
export const bytesServed = ({ output }: Run, withGzip: boolean): number | null =>
  withGzip ? output.gzipByteLength : output.byteLength;

/** Milliseconds for `bytes` at `mbit`: the line alone, no latency, no headers. */
export const downloadMs = (bytes: number, mbit: number): number => (bytes * 8) / (mbit * 1000);

/** From bytes in memory to a session that can run, as measured; null if it was not. */
export const sessionMs = ({ measurements }: Run, backend: 'wasm' | 'webgpu'): number | null =>
  measurements.find((it) => it.backend === backend)?.sessionMs ?? null;
