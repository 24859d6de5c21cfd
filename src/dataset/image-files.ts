/** Image files by the folders they lie in: what they are for, their class, and what tells them apart. */
import { StudioError } from '../core/studio-error.ts';
import type { NamedBlob, Unread } from './companions.ts';
import { checkFile, checkPixels } from './decode-image.ts';
import { hashBytes } from './hash.ts';
import { readImageHeader } from './image-header.ts';
import type { Size } from './preprocessor.ts';
import type { Role } from './rows.ts';
import { roleOf } from './splits.ts';

const IMAGE_LIMIT = 50_000;
/** Read at once while opening. */
const BATCH = 32;
const HEAD_BYTES = 4096;

export interface ImageFile {
  readonly file: NamedBlob;
  /** The folder that the image lies in: its class, if there are several. */
  readonly folder: string;
  /** The folder of those folders: "photos/test". */
  readonly parent: string;
  readonly role: Role;
  readonly key: string;
}

/**
 * In the order of their paths. Files that are no images, or of another size than `wanted`, are left
 * out and named.
 * @throws too-large over 50,000 files, or over what one image may have; bad-dataset
 */
export async function readImageFiles(
  files: readonly NamedBlob[],
  wanted: Size | null = null,
): Promise<{ readonly images: readonly ImageFile[]; readonly unread: readonly Unread[] }> {
  const [first] = files;
  if (first && files.length > IMAGE_LIMIT) {
    throw new StudioError(
      'too-large',
      `${first.path} and ${files.length - 1} other images were dropped; at most ${IMAGE_LIMIT} are read. Keep fewer.`,
      { detail: { file: first.path } },
    );
  }
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const images: ImageFile[] = [];
  const unread: Unread[] = [];
  for (let start = 0; start < sorted.length; start += BATCH) {
    const batch = sorted.slice(start, start + BATCH);
    const described = await Promise.all(batch.map((file) => describe(file, wanted)));
    for (const [index, image] of described.entries()) {
      if (typeof image !== 'string') images.push(image);
      else unread.push({ path: batch[index]?.path ?? '', reason: image });
    }
  }
  return { images, unread };
}

/** The image, or why it is none that can be fed. */
async function describe(file: NamedBlob, wanted: Size | null): Promise<ImageFile | string> {
  const { path, blob } = file;
  checkFile(path, blob);
  const head = await bytesOf(blob.slice(0, HEAD_BYTES));
  const header = readImageHeader(head);
  if (!header) return 'it is no PNG, JPEG or WebP image';
  if (header.size) {
    checkPixels(path, header.size);
    const other = wanted && otherSize(header.size, wanted);
    if (other) return other;
  }
  const tail = await bytesOf(blob.slice(-HEAD_BYTES));
  const parts = path.split('/').slice(0, -1);
  const hashes = [head, tail].flatMap((bytes) => [hashBytes(bytes, 1), hashBytes(bytes, 2)]);
  return {
    file,
    folder: parts.at(-1) ?? '',
    parent: parts.slice(0, -1).join('/'),
    role: parts.map(roleOf).findLast((role) => role !== 'unnamed') ?? 'unnamed',
    key: [blob.size, ...hashes].join('-'),
  };
}

/** Why an image that is not resized cannot be fed; null if it can. */
export const otherSize = (size: Size, wanted: Size): string | null =>
  size.width === wanted.width && size.height === wanted.height
    ? null
    : `it is ${size.height} × ${size.width}, the model takes ${wanted.height} × ${wanted.width}, and preprocessor_config.json resizes nothing`;

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
