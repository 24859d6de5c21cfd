import type { DroppedFile } from '../bridge/opened.ts';
import { toFailure } from './failure.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** What the files weigh as a server sends them; takes seconds, so nothing waits for it. */
export async function weighGzip(
  studio: Studio,
  modelId: string,
  runId: string,
  files: readonly DroppedFile[],
): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.model.id !== modelId) return;
  const { signal } = session.background;
  try {
    const gzipByteLength = await studio.desk.call('gzip', [files], { signal });
    updateSession(studio, modelId, ({ runs }) => ({
      runs: runs.map((run) =>
        run.id === runId ? { ...run, output: { ...run.output, gzipByteLength } } : run,
      ),
    }));
  } catch (error) {
    if (signal.aborted) return;
    notify(studio, 'warn', `The gzip size is not measured: ${toFailure(error).message}`);
  }
}
