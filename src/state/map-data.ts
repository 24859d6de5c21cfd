/** Names in a person's data that do not match the model's: mapped once by hand, and kept. */
import {
  type DataMapping,
  type MappingNeed,
  missingFrom,
  parseMapping,
} from '../report/data-mapping.ts';
import type { DatasetSummary, ModelSummary } from '../report/model-summary.ts';
import { toFailure } from './failure.ts';
import { benchmark, SMALL_MODEL_BYTES } from './measure-run.ts';
import { BASELINE_ID, unmeasured } from './run.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** Opens the dialog in which names are matched, or closes it. */
export function showMatching(studio: Studio, matching: boolean): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ matching }));
}

/** Why names cannot be mapped now; null if they can. */
export function mappingObstacle({ job, remapping }: Session): string | null {
  if (remapping.status === 'running') return 'Reading the rows';
  if (job.status === 'running' && job.task.kind !== 'baseline') return `Busy with ${job.task.name}`;
  if (job.status === 'asking') return `${job.task.name} is paused`;
  return null;
}

/**
 * Reads the rows again under `mapping` (null: names as they are) and begins to measure a small
 * original on them. Figures of the rows before do not hold any more: runs are measured anew when asked.
 */
export async function mapData(studio: Studio, mapping: DataMapping | null): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const obstacle = mappingObstacle(session);
  if (obstacle !== null) {
    notify(studio, 'warn', `${obstacle}. Cancel it or wait.`);
    return;
  }
  const { model, job } = session;
  updateSession(studio, model.id, () => ({ remapping: { status: 'running' } }));
  if (job.status === 'running') {
    job.abort.abort();
    await job.settled;
  }
  const dataset = await readRows(studio, session, mapping);
  if (!dataset) return;
  updateSession(studio, model.id, ({ runs }) => ({ runs: runs.map(unmeasured) }));
  studio.effects.remember(keyOf(model), mapping && JSON.stringify(mapping));
  notify(studio, 'good', `Reads ${dataset.name} as you matched it.`);
  if (model.byteLength >= SMALL_MODEL_BYTES || dataset.needsMapping.length > 0) return;
  void benchmark(studio, { runId: BASELINE_ID, byItself: true }); // the rows are read: that is all
}

/** Takes the mapping that was kept for the model, if it answers what its data leaves open now. */
export async function recallMapping(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const kept = session && session.needs.length > 0 ? readKept(studio, session.model) : null;
  if (kept) await offerMapping(studio, kept);
}

/** Takes `mapping`, of this person or another, if it answers what the open data leaves open. */
export async function offerMapping(studio: Studio, mapping: DataMapping): Promise<void> {
  const { session } = studio.store.getState();
  if (!session || session.dataset.needsMapping.length === 0) return;
  if (session.needs.some((need) => missingFrom(mapping, need) !== null)) return;
  await readRows(studio, session, mapping);
}

/** Mapping and rows change together; null if the rows could not be read or the model was closed. */
async function readRows(
  studio: Studio,
  { model, engineHasModel }: Session,
  mapping: DataMapping | null,
): Promise<DatasetSummary | null> {
  updateSession(studio, model.id, () => ({ remapping: { status: 'running' } }));
  try {
    const dataset = await studio.desk.call('remap', [model.id, mapping]);
    if (engineHasModel) await studio.engine.call('remap', [model.id, mapping]);
    updateSession(studio, model.id, ({ needs, trying }) => ({
      trying: { ...trying, trial: { status: 'none' }, answers: null, continuation: null },
      dataset,
      mapping,
      needs: withNeeds(needs, dataset.needsMapping),
      remapping: { status: 'idle' },
      labelAsking: { status: 'none' },
    }));
    return studio.store.getState().session?.model.id === model.id ? dataset : null;
  } catch (error) {
    const failure = toFailure(error);
    updateSession(studio, model.id, () => ({ remapping: { status: 'failed', failure } }));
    notify(studio, 'bad', failure.message);
    if (failure.code === 'bug') throw error;
    return null;
  }
}

/** What was open once can be mapped differently later, so it is not forgotten when it is answered. */
function withNeeds(
  before: readonly MappingNeed[],
  now: readonly MappingNeed[],
): readonly MappingNeed[] {
  const same = (a: MappingNeed, b: MappingNeed) => a.kind === b.kind && a.file === b.file;
  return [...before.filter((need) => !now.some((it) => same(it, need))), ...now];
}

/** A kept mapping that cannot be read any more is asked for again. */
function readKept({ effects }: Studio, model: ModelSummary): DataMapping | null {
  const text = effects.recall(keyOf(model));
  if (text === null) return null;
  try {
    return parseMapping(JSON.parse(text));
  } catch {
    effects.remember(keyOf(model), null);
    return null;
  }
}

/** Forgets how names were matched to the models of this title: what was done with them is deleted. */
export function forgetMapping({ effects }: Studio, title: string): void {
  effects.forget(`${PREFIX}${title} `);
}

const PREFIX = 'whittle-mapping ';

const keyOf = ({ title, parameterCount }: ModelSummary): string =>
  `${PREFIX}${title} ${parameterCount}`;
