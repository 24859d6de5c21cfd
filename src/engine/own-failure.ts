import { StudioError } from '../core/studio-error.ts';

/** What one model cannot do is its own answer; a lost device ends all. */
export const isOwnFailure = (error: unknown): error is StudioError =>
  error instanceof StudioError &&
  ['runtime-failed', 'too-large', 'out-of-memory', 'malformed-model'].includes(error.code);
