import { type ErrorCode, type ErrorDetail, StudioError } from '../core/studio-error.ts';

/** An error as the page shows it; `bug` is a fault of Whittle itself. */
export interface Failure {
  readonly code: ErrorCode | 'bug';
  readonly message: string;
  readonly detail: ErrorDetail | null;
}

export const isCancelled = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

export function toFailure(error: unknown): Failure {
  if (error instanceof StudioError) {
    return { code: error.code, message: error.message, detail: error.detail ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'bug', message: `Whittle failed unexpectedly: ${message}`, detail: null };
}
