/** SHA-256 of streams, and the identities built from it. Nothing here holds a whole file. */

import { createSHA256 } from 'hash-wasm';
import { StudioError } from '../core/studio-error.ts';
import { unreadable } from '../core/unreadable.ts';
import type { OutputFile } from '../report/report.ts';
import type { HashedFile } from '../storage/kept-files.ts';
import { readChunks } from './read-chunks.ts';

/** A handle never changes its contents. */
const known = new WeakMap<Blob, string>();

/** Lower-case hex SHA-256 of `blob`, read as a stream, once. */
export async function sha256(blob: Blob, signal: AbortSignal): Promise<string> {
  const digest = known.get(blob) ?? (await digestOf(blob, signal));
  known.set(blob, digest);
  return digest;
}

async function digestOf(blob: Blob, signal: AbortSignal): Promise<string> {
  const hasher = await createSHA256();
  for await (const chunk of readChunks(blob, signal)) hasher.update(chunk);
  return hasher.digest('hex');
}

/**
 * Identity of a set of files: SHA-256 over the lines `path length sha256`, sorted by path. Paths
 * are taken relative to the folder of the first file, so that the same export has one identity
 * wherever it was dropped from.
 */
export async function identify(
  files: readonly { readonly path: string; readonly blob: Blob }[],
  signal: AbortSignal,
): Promise<string> {
  return identityOf(await hashFiles(files, signal), signal);
}

/** The files with length and SHA-256. */
export async function hashFiles(
  files: readonly { readonly path: string; readonly blob: Blob }[],
  signal: AbortSignal,
): Promise<HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const { path, blob } of files) {
    hashed.push({ path, blob, byteLength: blob.size, sha256: await sha256(blob, signal) });
  }
  return hashed;
}

/** `identify` of files that are hashed already. */
export function identityOf(files: readonly OutputFile[], signal: AbortSignal): Promise<string> {
  const folder = files[0]?.path.replace(/[^/]*$/, '') ?? '';
  const lines = files.map(({ path, byteLength, sha256: digest }) => {
    const relative = path.startsWith(folder) ? path.slice(folder.length) : path;
    return `${relative} ${byteLength} ${digest}\n`;
  });
  return sha256(new Blob(lines.sort()), signal);
}

/**
 * Bytes of `blob` after gzip, as a server would send it; the compressed bytes are not kept.
 * @throws runtime-failed if the browser has no gzip; missing-file as `readChunks`
 */
export async function gzipByteLength(blob: Blob, signal: AbortSignal): Promise<number> {
  if (!('CompressionStream' in globalThis)) {
    throw new StudioError('runtime-failed', 'This browser has no CompressionStream.');
  }
  const reader = blob.stream().pipeThrough(new CompressionStream('gzip'), { signal }).getReader();
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw unreadable(error, blob);
    });
    if (done) return total;
    total += value.byteLength;
  }
}
