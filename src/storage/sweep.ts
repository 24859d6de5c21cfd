/** What a crash or a closed tab left behind. */
import { KeptFiles } from './kept-files.ts';
import { removeWeights, WEIGHTS_FOLDER } from './kept-weights.ts';
import { jobLock } from './session-locks.ts';
import type { Storage } from './storage.ts';

/** Removes files and weights that no record speaks of, and jobs whose runs are kept. The caller excludes other changes of files. */
export async function sweepUnused({ records, files, locks }: Storage): Promise<void> {
  const [sessions, runs, jobs] = await Promise.all([
    records.all('sessions'),
    records.all('runs'),
    records.all('jobs'),
  ]);
  const used = [
    ...sessions.flatMap((it) => (it.filesKept ? it.files : [])),
    ...runs.flatMap(({ filesKept, report }) => (filesKept ? report.output.files : [])),
  ];
  // Files of a record that cannot be read are not known, so none is taken for unused.
  const known = sessions.length + runs.length + jobs.length;
  const counts = [records.count('sessions'), records.count('runs'), records.count('jobs')];
  const all = (await Promise.all(counts)).reduce((sum, it) => sum + it, 0);
  if (known < all) return;
  await new KeptFiles(files).sweep(new Set(used.map(({ sha256 }) => sha256)));
  // A run ends its job: the page may have gone between the two records.
  const isRun = new Set(runs.map(({ sessionId, runId }) => `${sessionId} ${runId}`));
  const ended = jobs.filter(({ sessionId, runId }) => isRun.has(`${sessionId} ${runId}`));
  for (const { sessionId } of ended) await records.remove('jobs', [sessionId]);
  const unfinished = new Set(jobs.filter((it) => !ended.includes(it)).map(({ runId }) => runId));
  const held = await locks.held();
  const withFiles = (await files.list(WEIGHTS_FOLDER)).map(({ name }) => name);
  const committed = (await records.all('weights')).map(({ jobId }) => jobId);
  for (const jobId of new Set([...withFiles, ...committed])) {
    if (unfinished.has(jobId) || held.has(jobLock(jobId))) continue;
    await removeWeights(files, records, jobId);
  }
}
