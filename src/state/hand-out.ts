/** What leaves the studio: the compressed file, reports and tables. */

import type { DroppedFile } from '../bridge/opened.ts';
import { htmlReport } from '../export/html-report.ts';
import { modelCardSection } from '../export/model-card.ts';
import { travelling } from '../export/usage.ts';
import { reportsToCsv } from '../report/csv.ts';
import { formatBytes, formatExactBytes } from '../report/format.ts';
import type { ModelIdentity } from '../report/model-summary.ts';
import { reportToJson } from '../report/report-json.ts';
import { toFailure } from './failure.ts';
import { fileSlug, fileTitle } from './file-slug.ts';
import { type Run, toReport, truthFails } from './run.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';

/**
 * Gives the selected run's file, or one zip of several. Where the truth check failed it asks once:
 * the first call only marks the run, `anyway` gives it.
 */
export async function download(studio: Studio, { anyway = false } = {}): Promise<void> {
  const session = studio.store.getState().session;
  const run = session && selectedRun(session);
  if (!session || !run) return;
  if (!run.files) {
    notify(studio, 'warn', 'The baseline is the file that you opened. Select a run to download.');
    return;
  }
  if (truthFails(run) && !anyway) {
    updateSession(studio, session.model.id, () => ({ downloadToConfirm: run.id }));
    return;
  }
  const files = downloadFiles(session, run);
  await handOut(studio, async () => {
    const blob = await studio.desk.call('bundle', [files]);
    const name = downloadName(session, run);
    studio.effects.save(name, blob);
    updateSession(studio, session.model.id, () => ({ downloadToConfirm: null }));
    return `Downloaded ${name}, ${formatExactBytes(blob.size)}.${goesAlong(session, run)}`;
  });
}

/** What the file needs beside it, which the download does not hold. */
function goesAlong({ files }: Session, run: Run): string {
  const own = new Set((run.files ?? []).map(({ path }) => baseName(path)));
  const names = files.map(({ path }) => baseName(path));
  const companions = [...new Set(names)].filter((name) => !own.has(name));
  const beside = travelling({ companions });
  return beside.length === 0 ? '' : ` Keep beside it: ${beside.join(', ')}.`;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The graph goes by the run's name; its side files by theirs, as the graph names them. */
export function downloadFiles(session: Session, run: Run): readonly DroppedFile[] {
  const { files } = run;
  if (!files || files.length < 2) return files ?? [];
  return files.map((file) => {
    if (!file.path.toLowerCase().endsWith('.onnx')) return file;
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    return { ...file, path: `${folder}${stem(session, run)}.onnx` };
  });
}

/** The file that Download gives. */
export const downloadName = (session: Session, run: Run): string =>
  `${stem(session, run)}.${run.files && run.files.length > 1 ? 'zip' : 'onnx'}`;

const stem = ({ model }: Session, { name }: Run): string =>
  `${fileTitle(model.title)}.${fileSlug(name)}`;

/** The selected run's report as JSON. */
export async function exportReport(studio: Studio): Promise<void> {
  const session = studio.store.getState().session;
  const run = session && selectedRun(session);
  if (!session || !run) return;
  await handOut(studio, async () => {
    const json = reportToJson(toReport(run, await identityOf(studio, session)));
    const name = `${fileTitle(session.model.title)}.${fileSlug(run.name)}.report.json`;
    studio.effects.save(name, new Blob([json], { type: 'application/json' }));
    return `Exported ${name}.`;
  });
}

/** All runs as one table, the baseline first. */
export async function exportCsv(studio: Studio): Promise<void> {
  const session = studio.store.getState().session;
  if (!session) return;
  await handOut(studio, async () => {
    const identity = await identityOf(studio, session);
    const csv = reportsToCsv(session.runs.map((run) => toReport(run, identity)));
    const name = `${fileTitle(session.model.title)}.runs.csv`;
    studio.effects.save(name, new Blob([csv], { type: 'text/csv' }));
    return `Exported ${name}, ${session.runs.length} rows.`;
  });
}

/** The trade-off chart as `draw` gives it; nothing where it gives null. */
export async function exportChart(
  studio: Studio,
  format: 'svg' | 'png',
  draw: () => Promise<Blob | null>,
): Promise<void> {
  const session = studio.store.getState().session;
  if (!session) return;
  await handOut(studio, async () => {
    const content = await draw();
    if (!content) return 'There is no chart to export.';
    const name = `${fileTitle(session.model.title)}.trade-off.${format}`;
    studio.effects.save(name, content);
    return `Exported ${name}, ${formatBytes(content.size)}.`;
  });
}

/** All runs as one HTML file that needs no network and no script. */
export async function exportHtml(studio: Studio): Promise<void> {
  const session = studio.store.getState().session;
  if (!session) return;
  await handOut(studio, async () => {
    const identity = await identityOf(studio, session);
    const reports = session.runs.map((run) => toReport(run, identity));
    const { title } = session.model;
    const text = htmlReport(reports, { title, madeAt: studio.effects.now() });
    const name = `${fileTitle(title)}.report.html`;
    studio.effects.save(name, new Blob([text], { type: 'text/html' }));
    return `Exported ${name}, ${formatExactBytes(text.length)}.`;
  });
}

/** All runs as a section for a model card. */
export async function exportModelCard(studio: Studio): Promise<void> {
  const session = studio.store.getState().session;
  if (!session) return;
  await handOut(studio, async () => {
    const identity = await identityOf(studio, session);
    const text = modelCardSection(session.runs.map((run) => toReport(run, identity)));
    const name = `${fileTitle(session.model.title)}.model-card.md`;
    studio.effects.save(name, new Blob([text], { type: 'text/markdown' }));
    return `Exported ${name}.`;
  });
}

export const selectedRun = ({ runs, selectedRunId }: Session): Run | undefined =>
  runs.find(({ id }) => id === selectedRunId);

export async function identityOf(
  { desk }: Studio,
  { model, identity }: Session,
): Promise<ModelIdentity> {
  return identity.status === 'known' ? identity.identity : desk.call('identify', [model.id]);
}

/** Hands something out, and says what in the status line; a failure is said there, too. */
export async function handOut(studio: Studio, act: () => Promise<string>): Promise<void> {
  try {
    notify(studio, 'good', await act());
  } catch (error) {
    const failure = toFailure(error);
    notify(studio, 'bad', failure.message);
    if (failure.code === 'bug') throw error;
  }
}
