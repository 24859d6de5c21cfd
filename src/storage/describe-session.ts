/** What is known of a kept session without opening it. */
import type { KeptJob, KeptRunSummary, KeptSession } from '../report/kept.ts';
import type { JobRecord, Records, RunRecord, SessionRecord } from './records.ts';

/** As the start screen lists it. */
export async function describeSession(
  records: Records,
  record: SessionRecord,
  openElsewhere: boolean,
): Promise<KeptSession> {
  const { id, title, fileName, byteLength, files, filesKept, touchedAt } = record;
  const [runs, job] = [await records.all('runs', id), await keptJob(records, id)];
  const weights = job ? await records.all('weights', job.runId) : [];
  const kept = [
    ...(filesKept ? files : []),
    ...runs.flatMap((it) => (it.filesKept ? it.report.output.files : [])),
  ];
  const distinct = new Map(kept.map((it) => [it.sha256, it]));
  return {
    ...{ id, title, fileName, byteLength, files, filesKept, touchedAt, openElsewhere, job },
    runs: runs
      .filter(({ report }) => report.kind === 'run')
      .toSorted((a, b) => a.report.startedAt.localeCompare(b.report.startedAt))
      .map(summarized),
    diskBytes: bytesOf([...distinct.values(), ...weights.flatMap(({ payloads }) => payloads)]),
  };
}

/** The job that a session left unfinished; null if there is none, also where its run is kept. */
export async function keptJob(records: Records, sessionId: string): Promise<KeptJob | null> {
  const record: JobRecord | null = await records.get('jobs', [sessionId]);
  if (!record || (await records.get('runs', [sessionId, record.runId]))) return null;
  const { sessionId: _, ...job } = record;
  return { ...job, done: (await records.all('weights', job.runId)).length };
}

const summarized = ({ report, filesKept }: RunRecord): KeptRunSummary => ({
  ...{ id: report.id, name: report.name, byteLength: report.output.byteLength, filesKept },
});

export const bytesOf = (parts: readonly { readonly byteLength: number }[]): number =>
  parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
