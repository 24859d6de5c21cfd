import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** Unpacks a zip into `folder`; gives the paths in it, sorted. */
export async function unpack(zip: string, folder: string): Promise<readonly string[]> {
  const entries = Object.entries(unzipSync(await readFile(zip)));
  for (const [path, bytes] of entries) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  return entries.map(([path]) => path).sort();
}
