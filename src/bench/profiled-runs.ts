import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Feeds } from '../dataset/rows.ts';
import { capturedLog, exclusively } from './ort.ts';
import { pause } from './pause.ts';
import { type ProfileEvent, profileEvents } from './profile-events.ts';
import { createSession, ortSessions, type SessionOptions } from './session.ts';

/**
 * Opens `model` with profiling and lets `run` feed it as often as it wants.
 * @throws as `createSession`; runtime-failed if the runtime gave no profile
 */
export async function profiledRuns(
  model: Uint8Array | Blob,
  backend: Backend,
  run: (once: (feeds: Feeds) => Promise<number>) => Promise<void>,
  options: SessionOptions = {},
): Promise<readonly ProfileEvent[]> {
  const session = await createSession(model, backend, { ...options, profile: true });
  try {
    await run((feeds) => session.time(feeds));
    const lines = await exclusively(() =>
      capturedLog(async () => {
        // Only after a run that succeeded: after a failed one this never resolves.
        await ortSessions.get(session)?.endProfiling();
        await pause();
      }),
    );
    const events = profileEvents(lines);
    if (events.length > 0) return events;
  } finally {
    await session.release();
  }
  throw new StudioError('runtime-failed', 'ONNX Runtime gave no profile of the session.');
}
