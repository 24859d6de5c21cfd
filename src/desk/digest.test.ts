import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzipByteLength, sha256 } from './digest.ts';
import { readChunks } from './read-chunks.ts';

const MEBIBYTE = 2 ** 20;
const never = new AbortController().signal;

/** Neither a whole number of chunks nor of the parts that the stream comes in. */
const bytes = randomBytes(3 * MEBIBYTE + 12_345);
/** A blob whose stream, as in some browsers, cannot read into given memory. */
function withoutByteStream(content: Uint8Array<ArrayBuffer>): Blob {
  const blob = new Blob([content]);
  blob.stream = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(content.slice(0, 100));
        controller.enqueue(content.slice(100));
        controller.close();
      },
    });
  return blob;
}

describe.each([
  ['byte stream', new Blob([bytes])],
  ['stream of other chunks', withoutByteStream(bytes)],
])('a %s', (_, blob) => {
  test('is hashed whole', async () => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(await sha256(blob, never)).toBe(digest);
  });

  test('is as long after gzip as another implementation makes it', async () => {
    const length = await gzipByteLength(blob, never);
    expect(length / gzipSync(bytes).byteLength).toBeCloseTo(1, 3);
  });
});

test('the empty file has its digest too', async () => {
  const digest = createHash('sha256').digest('hex');
  expect(await sha256(new Blob([]), never)).toBe(digest);
});

test('all chunks lie in the same memory', async () => {
  const lengths: number[] = [];
  for await (const chunk of readChunks(new Blob([bytes]), never)) {
    expect(chunk.buffer.byteLength).toBe(MEBIBYTE);
    lengths.push(chunk.byteLength);
  }
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(bytes.byteLength);
});

test.each([
  ['hashing', sha256],
  ['gzip', gzipByteLength],
] as const)('%s stops at the next chunk, and gives the file back', async (_, work) => {
  const abort = new AbortController();
  let pulled = 0;
  let cancelled = false;
  const endless = new Blob(['x']);
  endless.stream = () =>
    new ReadableStream({
      pull(controller) {
        pulled += 1;
        if (pulled === 5) abort.abort();
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    });
  await expect(work(endless, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(pulled).toBeLessThan(10);
  expect(cancelled).toBe(true);
});

test.each([
  ['hash', (blob: Blob) => sha256(blob, never)],
  ['gzip', (blob: Blob) => gzipByteLength(blob, never)],
])('a file that was moved: %s says so', async (_, read) => {
  const blob = new File(['model'], 'model.onnx');
  blob.stream = () =>
    new ReadableStream({
      pull: (controller) => controller.error(new DOMException('moved', 'NotReadableError')),
    });
  await expect(read(blob)).rejects.toMatchObject({ code: 'missing-file' });
});
