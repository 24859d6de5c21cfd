import { StudioError } from '../core/studio-error.ts';

/** A failed write as Whittle's own error; what is no matter of space goes on as it is. */
export function storageFailure(error: unknown, what: string): unknown {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name !== 'QuotaExceededError') return error;
  return new StudioError(
    'quota',
    `${what} was not kept: the browser's disk space for this page is full. Delete kept models or free disk space.`,
    { cause: error },
  );
}
