/** Times of a compression by phase and kernel, for whoever makes it faster. */
import type { Phase } from '../report/report.ts';

export interface ProfiledPhase extends Phase {
  /** Elements and bytes that the phase went through, for its rates. */
  readonly elements?: number;
  readonly bytes?: number;
  /** Multiplications and additions, where they are what counts. */
  readonly flop?: number;
}

export interface Profile {
  readonly adapter: string;
  readonly software: boolean;
  /** Bytes of the file that was written. */
  readonly byteLength: number;
  readonly phases: readonly ProfiledPhase[];
}
