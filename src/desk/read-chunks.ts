/** A file in chunks, for what goes through all of it behind the person's back. */

import { unreadable } from '../core/unreadable.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const CHUNK_BYTES = 2 ** 20;
/** Chromium 156 collects a byte stream that only its own pending read refers to: it never ends. */
const open = new Set<ChunkReader>();

/**
 * The contents of `blob`, in order. A chunk is only there until the next one is asked for: all are
 * read into the same memory, as the garbage of a stream's own chunks is hundreds of megabytes.
 * @throws missing-file if it was moved or changed; the signal's reason
 */
export async function* readChunks(blob: Blob, signal: AbortSignal): AsyncGenerator<Bytes> {
  signal.throwIfAborted();
  const stream = blob.stream();
  const reader = intoOneBuffer(stream) ?? stream.getReader();
  open.add(reader);
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw unreadable(error, blob);
      });
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    open.delete(reader);
    await reader.cancel().catch(() => undefined); // of a stream that has failed: told above
  }
}

interface ChunkReader {
  read(): Promise<ReadableStreamReadResult<Bytes>>;
  cancel(): Promise<void>;
}

/** null where blobs do not give byte streams. */
function intoOneBuffer(stream: ReadableStream<Bytes>): ChunkReader | null {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  let buffer = new ArrayBuffer(CHUNK_BYTES);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done || !value) return { done: true, value: undefined };
      buffer = value.buffer;
      return { done: false, value };
    },
    cancel: () => reader.cancel(),
  };
}
