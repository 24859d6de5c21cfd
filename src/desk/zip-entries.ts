/** Paths of files in a zip that any unpacker may be trusted with. */

interface NamedFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Below the folder that the zip is unpacked in, without anything invisible, each path once. */
export function zipEntries(files: readonly NamedFile[]): { name: string; input: Blob }[] {
  const taken = new Set<string>();
  return files.map(({ path, blob }) => {
    const name = uniqueName(entryPath(path), taken);
    taken.add(name.toLowerCase()); // unpacked where case makes no difference, too
    return { name, input: blob };
  });
}

function entryPath(path: string): string {
  const steps = path
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '-')
    .split(/[/\\]+/)
    .map((step) => step.trim())
    .filter((step) => !/^\.*$/.test(step));
  return steps.join('/') || 'file';
}

function uniqueName(path: string, taken: ReadonlySet<string>): string {
  let name = path;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${count}-${path}`;
  return name;
}
