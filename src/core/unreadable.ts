/** What becomes of reading a file that was moved, changed or taken away after it was opened. */
import { StudioError } from './studio-error.ts';

/** What browsers call such failures of a Blob. */
const NAMES: ReadonlySet<string> = new Set(['NotReadableError', 'NotFoundError']);

/** `error`, or what a person should know where `blob` can no longer be read. */
export function unreadable(error: unknown, blob: Blob): unknown {
  if (!(error instanceof DOMException) || !NAMES.has(error.name)) return error;
  const name = 'name' in blob && typeof blob.name === 'string' ? blob.name : 'A file';
  return new StudioError(
    'missing-file',
    `${name} can no longer be read; it was moved or changed. Open it again.`,
    { cause: error, detail: { file: name } },
  );
}
