/** Arrays by the names they go by: entries of an `.npz`, or `.npy` files that belong together. */
import { StudioError } from '../core/studio-error.ts';
import type { NamedBlob } from './companions.ts';
import { readNpy } from './npy.ts';
import type { FeedTensor, Role } from './rows.ts';
import { roleOf } from './splits.ts';
import { INFLATED_LIMIT, listZip, readZipEntry } from './zip.ts';

export interface ArrayFile {
  readonly path: string;
  readonly role: Role;
  readonly arrays: ReadonlyMap<string, FeedTensor>;
}

/** `wanted` — names of arrays that matter; others are not even inflated, only named. */
export async function readArrayFiles(
  files: readonly NamedBlob[],
  wanted: ReadonlySet<string>,
): Promise<ArrayFile[]> {
  const sets: ArrayFile[] = [];
  const loose = new Map<Role, { path: string; arrays: Map<string, FeedTensor> }>();
  for (const { path, blob } of files) {
    if (/\.npz$/i.test(path)) {
      sets.push({ path, role: roleOf(path), arrays: await readNpz(path, blob, wanted) });
      continue;
    }
    if (blob.size > INFLATED_LIMIT) throw tooLarge(path);
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.npy$/i, '');
    // `test_image.npy` is the array `image` of the set `test`.
    const name = [...wanted].find((one) => stem === one || /^[._-]$/.test(between(stem, one)));
    const group = loose.get(roleOf(path)) ?? { path, arrays: new Map() };
    group.arrays.set(name ?? stem, readNpy(new Uint8Array(await blob.arrayBuffer()), path));
    loose.set(roleOf(path), group);
  }
  for (const [role, { path, arrays }] of loose) sets.push({ path, role, arrays });
  return sets;
}

/** The character before `name` where `stem` ends with it after a word: "test_image" → "_". */
const between = (stem: string, name: string): string =>
  stem.endsWith(name) ? stem.slice(0, -name.length).slice(-1) : '';

async function readNpz(
  path: string,
  blob: Blob,
  wanted: ReadonlySet<string>,
): Promise<Map<string, FeedTensor>> {
  const arrays = new Map<string, FeedTensor>();
  let total = 0;
  for (const entry of await listZip(path, blob)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -'.npy'.length);
    if (!wanted.has(name)) {
      arrays.set(name, { dtype: 'uint8', dims: [0], data: new Uint8Array(0) });
      continue;
    }
    total += entry.byteLength;
    if (total > INFLATED_LIMIT) throw tooLarge(path);
    arrays.set(name, readNpy(await readZipEntry(path, blob, entry), `${path}: ${name}`));
  }
  return arrays;
}

const tooLarge = (path: string) =>
  new StudioError('too-large', `${path} holds over 1 GiB of arrays. Keep fewer rows.`, {
    detail: { file: path },
  });

/** Larger arrays are named without their type: they would have to be read whole to see it. */
const DESCRIBED_BYTES = 64 * 2 ** 20;
const MOST_DESCRIBED = 50;

/** Type and dimensions of arrays of `file`, for a person to choose from. */
export async function describeArrays(
  files: readonly NamedBlob[],
  file: ArrayFile,
  names: readonly string[],
): Promise<{ name: string; type: string }[]> {
  const archive = files.find(({ path }) => path === file.path && /\.npz$/i.test(path));
  const entries = archive ? await listZip(archive.path, archive.blob) : [];
  const described: { name: string; type: string }[] = [];
  for (const name of names.slice(0, MOST_DESCRIBED)) {
    const entry = entries.find((one) => one.name === `${name}.npy`);
    const small = archive && entry && entry.byteLength <= DESCRIBED_BYTES;
    const array = small
      ? readNpy(await readZipEntry(archive.path, archive.blob, entry), `${file.path}: ${name}`)
      : file.arrays.get(name);
    const known = array && (!archive || small);
    described.push({ name, type: known ? `${array.dtype} ${array.dims.join(' × ')}` : '' });
  }
  return described;
}
