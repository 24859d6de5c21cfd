import { StudioError } from '../core/studio-error.ts';
import { formatCount } from '../report/format.ts';
import type { FileToOpen } from '../state/open-model.ts';

/** A drop with more files than this is some folder that holds no model. */
const MAX_FILES = 20_000;

/** Files of an input, under their paths within the chosen folder. */
export const filesOfInput = (list: FileList): FileToOpen[] =>
  [...list].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }));

/**
 * Files of a drop; folders are read through. Must be called within the drop event.
 * @throws StudioError `too-large` if there are more than 20,000; DOMException if one cannot be read
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<FileToOpen[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const loose = filesOfInput(transfer.files);
  if (!entries.some((entry) => entry?.isDirectory)) return loose;
  const found: FileToOpen[] = [];
  const waiting = entries.filter((entry) => entry !== null);
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (found.length + waiting.length > MAX_FILES) throw tooMany();
    if (isFile(entry)) {
      found.push({ path: entry.fullPath.replace(/^\//, ''), blob: await fileOf(entry) });
    } else if (isDirectory(entry)) {
      waiting.push(...(await childrenOf(entry)));
    }
  }
  return found;
}

/** What is dragged or dropped is images alone, as far as the browser tells. */
export const holdsImages = ({ items }: Pick<DataTransfer, 'items'>): boolean =>
  items.length > 0 && [...items].every(({ type }) => type.startsWith('image/'));

const tooMany = () =>
  new StudioError(
    'too-large',
    `The folder has more than ${formatCount(MAX_FILES)} files. Drop the folder that holds the model.`,
  );

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives its entries in parts; an empty one is the last.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0 || all.length > MAX_FILES) return all;
    all.push(...part);
  }
}
