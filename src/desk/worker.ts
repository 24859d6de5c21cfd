/**
 * The desk: opens, plans, hashes and bundles. It never runs a model, so the size readout and Cancel
 * answer while the engine is blocked in a runtime call.
 */
import { downloadZip } from 'client-zip';
import type { DeskCalls } from '../bridge/protocol.ts';
import { serve } from '../bridge/serve.ts';
import { StudioError } from '../core/studio-error.ts';
import { planRecipe } from '../plan/plan.ts';
import type { OutputFile } from '../report/report.ts';
import type { HashedFile } from '../storage/kept-files.ts';
import { openStorage } from '../storage/storage.ts';
import { compareRows } from './compare-rows.ts';
import { gzipByteLength, hashFiles, identify } from './digest.ts';
import { blocksGone, droppedSession } from './dropped-session.ts';
import { Keeper } from './keeper.ts';
import { summarizePlan } from './plan-summary.ts';
import { labelsOf, previewRows } from './preview-rows.ts';
import { fetchSample } from './samples.ts';
import { Sessions } from './sessions.ts';
import { trimmedSession } from './trimmed-session.ts';
import { weightValues } from './weight-values.ts';
import { zipEntries } from './zip-entries.ts';

const sessions = new Sessions();
const keeper = new Keeper(openStorage, sessions);

/** Without the contents. */
const digests = (files: readonly HashedFile[]): OutputFile[] =>
  files.map(({ path, byteLength, sha256 }) => ({ path, byteLength, sha256 }));

serve<DeskCalls>(self, {
  open: ({ signal }, files) => sessions.open(files, signal),

  openSample: async ({ signal }, id) => sessions.open(await fetchSample(id, signal), signal),

  plan: async (_, modelId, recipe, analysed) => {
    const given = sessions.get(modelId);
    const dataset = () => sessions.dataset(modelId);
    const trimmed = await trimmedSession(given, recipe, dataset);
    const blocks = analysed?.blocks ?? null;
    const { session, shown } = await droppedSession(trimmed.session, recipe, blocks, dataset);
    const { model, weights } = session;
    const facts = analysed
      ? {
          ranks: new Map(analysed.ranks),
          cutDims: new Map(analysed.cutDims),
          failed: new Map(analysed.failed),
        }
      : {};
    const plan = planRecipe(model, weights, recipe, facts);
    return trimmed.shown(shown(summarizePlan(plan, given.model.byteLength)));
  },

  remap: (_, modelId, mapping) => sessions.remap(modelId, mapping),

  identify: async ({ signal }, modelId) => {
    const { name, files, byteLength, parameterCount } = sessions.get(modelId).model;
    return { name, byteLength, parameterCount, sha256: await identify(files, signal) };
  },

  values: async ({ signal }, modelId, weight, run, focus) => {
    const given = sessions.get(modelId);
    if (!run) return weightValues(given, weight, null, focus, signal);
    const dataset = () => sessions.dataset(modelId);
    const { session } = await trimmedSession(given, run.recipe, dataset);
    if (run.dropped.includes(weight)) {
      const before = await weightValues(session, weight, null, focus, signal);
      return { ...before, missing: 'It was dropped with its block.' };
    }
    const gone = blocksGone(session, run.dropped);
    const own = await droppedSession(session, run.recipe, gone, dataset);
    return weightValues(own.session, weight, run, focus, signal);
  },

  rows: async (_, modelId, indexes) => previewRows(await sessions.dataset(modelId), indexes),

  rowLabels: async (_, modelId) => labelsOf(await sessions.dataset(modelId)),

  compareRows: async (_, modelId, a, b) => compareRows(await sessions.dataset(modelId), a, b),

  hashModel: async ({ signal }, modelId) =>
    digests(await hashFiles(sessions.get(modelId).model.files, signal)),

  hash: async ({ signal }, files) => digests(await hashFiles(files, signal)),

  gzip: async ({ signal }, files) => {
    const lengths = files.map(({ blob }) => gzipByteLength(blob, signal));
    return (await Promise.all(lengths)).reduce((sum, bytes) => sum + bytes, 0);
  },

  bundle: async (_, files) => {
    const [first, ...others] = files;
    if (!first) throw new StudioError('missing-file', 'The run has no files.');
    if (others.length === 0) return first.blob;
    return downloadZip(zipEntries(files)).blob();
  },

  zip: async (_, files) => downloadZip(zipEntries(files)).blob(),

  close: async (_, modelId) => {
    sessions.close(modelId);
    keeper.leave(modelId);
    return null;
  },

  sessions: () => keeper.list(),

  whenLeft: async (_, sessionIds) => {
    await keeper.whenLeft(sessionIds);
    return null;
  },

  keep: ({ signal }, modelId, files) => keeper.keep(modelId, files, signal),
  keepFiles: ({ signal }, modelId) => keeper.keepFiles(modelId, signal),
  restore: ({ signal }, sessionId, files) => keeper.restore(sessionId, files, signal),
  keepRun: (_, sessionId, run) => keeper.keepRun(sessionId, run),

  forgetRun: async (_, sessionId, runId) => {
    await keeper.forgetRun(sessionId, runId);
    return null;
  },

  keepRecipe: async (_, sessionId, recipe, budgetBytes) => {
    await keeper.keepRecipe(sessionId, recipe, budgetBytes);
    return null;
  },

  keepJob: async (_, sessionId, job) => {
    await keeper.keepJob(sessionId, job);
    return null;
  },

  discardJob: async (_, sessionId) => {
    await keeper.discardJob(sessionId);
    return null;
  },

  forget: async (_, sessionId) => {
    await keeper.forget(sessionId);
    return null;
  },
});
