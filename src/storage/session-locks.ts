/** Who works on what: one tab at a time on a session, and on a job of it. */
import { StudioError } from '../core/studio-error.ts';

export const sessionLock = (id: string): string => `whittle session ${id}`;
export const jobLock = (jobId: string): string => `whittle job ${jobId}`;

export const inAnotherTab = (): StudioError =>
  new StudioError(
    'busy',
    'This model is open in another tab. Go on there, or close that tab first.',
  );
