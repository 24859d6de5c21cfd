/** How a model comes to be open, wherever it came from; and how what was open before is left. */
import type { Opened } from '../bridge/opened.ts';
import { NO_HISTORY } from '../recipe/history.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { formatBytes } from '../report/format.ts';
import { isCancelled, toFailure } from './failure.ts';
import { selectWeight } from './look-at.ts';
import { recallMapping } from './map-data.ts';
import { traitsOf } from './model-traits.ts';
import { planRecipe } from './plan-recipe.ts';
import { NO_ROW_VIEWS } from './row-views.ts';
import { BASELINE_ID, baselineRun } from './run.ts';
import { recallHidden } from './run-columns.ts';
import type { Device, Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import { NOTHING_TRIED } from './trying.ts';
import { weighGzip } from './weigh-gzip.ts';

/**
 * Opens what `ask` gives in place of what is open; a refusal or Cancel changes nothing.
 * @returns whether it is open now
 */
export async function enterModel(
  studio: Studio,
  what: string,
  ask: (signal: AbortSignal) => Promise<{ opened: Opened; session: Session }>,
): Promise<boolean> {
  const { store } = studio;
  const { opening } = store.getState();
  if (opening.status === 'opening') opening.abort.abort();
  const abort = new AbortController();
  store.setState({ opening: { status: 'opening', what, abort } });
  notify(studio, 'busy', `Opening ${what}.`);
  try {
    const { opened, session } = await ask(abort.signal);
    abort.signal.throwIfAborted();
    await leaveSession(studio);
    store.setState({
      opening: { status: 'idle' },
      wanted: null,
      offered: null,
      waiting: [],
      session,
    });
    notify(
      studio,
      'good',
      `Opened ${opened.model.fileName}, ${formatBytes(opened.model.byteLength)}.`,
    );
  } catch (error) {
    if (isCancelled(error)) cancelledOpening(studio, abort);
    else refuseFiles(studio, error);
    return false;
  }
  if (store.getState().session?.needs.length) await recallMapping(studio);
  void planRecipe(studio);
  selectWeight(studio, largestReadable(studio));
  return true;
}

/** Keeps what was open before; a newer opening speaks for itself. */
function cancelledOpening({ store }: Studio, abort: AbortController): void {
  const { opening } = store.getState();
  if (opening.status !== 'opening' || opening.abort !== abort) return;
  store.setState({ opening: { status: 'idle' } });
  notify({ store }, 'plain', 'Cancelled. Nothing was opened.');
}

/** Says why dropped or chosen files were not opened; what was open stays. */
export function refuseFiles(studio: Studio, error: unknown): void {
  const failure = toFailure(error);
  studio.store.setState({ opening: { status: 'failed', failure } });
  const { file, actually } = failure.detail ?? {};
  const fact = file && actually ? `${file} is ${actually}.` : failure.message;
  notify(studio, 'bad', `${fact} Nothing was opened.`);
}

/** Says why a link shows nothing; what is open stays. */
export function refuseLink(studio: Studio, error: unknown): void {
  const failure = toFailure(error);
  studio.store.setState({ opening: { status: 'failed', failure } });
  notify(studio, 'bad', failure.message);
  if (failure.code === 'bug') throw error;
}

export function cancelOpening({ store }: Studio): void {
  const { opening } = store.getState();
  if (opening.status === 'opening') opening.abort.abort();
}

export function dismissRefusal({ store }: Studio): void {
  if (store.getState().opening.status === 'failed') store.setState({ opening: { status: 'idle' } });
}

export function newSession({ store, effects }: Studio, opened: Opened): Session {
  const { model, dataset, files, recipe } = opened;
  return {
    model,
    dataset,
    needs: dataset.needsMapping,
    mapping: null,
    remapping: { status: 'idle' },
    matching: false,
    labelAsking: { status: 'none' },
    files,
    identity: { status: 'pending' },
    recipe:
      recipe ??
      store.getState().offered ??
      presetRecipe('close', defaultTarget(store.getState().device), traitsOf(model)),
    history: NO_HISTORY,
    budgetBytes: null,
    planning: { status: 'planning', plan: null, of: null },
    presetPlans: {},
    analysis: null,
    paces: new Map(),
    peakBuffers: new Map(),
    runs: [baselineRun(model, effects.now())],
    job: { status: 'idle' },
    queued: false,
    benchmarkAfter: true,
    selectedRunId: BASELINE_ID,
    picked: false,
    comparedWith: null,
    turned: false,
    deletedRun: null,
    hiddenColumns: recallHidden({ effects }),
    rowViews: NO_ROW_VIEWS,
    operators: new Map(),
    detail: null,
    selectedWeight: null,
    markedWeights: new Set(),
    focus: null,
    weightFilter: '',
    values: { status: 'none' },
    trying: NOTHING_TRIED,
    downloadToConfirm: null,
    keeping: { status: 'pending' },
    unfinished: null,
    runsNotKept: new Set(),
    background: new AbortController(),
    engineHasModel: false,
  };
}

/** Where there is a real GPU, WebGPU; else WASM, whose figures mean something here. */
const defaultTarget = (device: Device) =>
  device.status === 'known' && !device.summary.webgpu ? 'wasm' : 'webgpu';

/** Ends the open session's job and lets both workers forget its model. */
async function leaveSession({ store, desk, engine }: Studio): Promise<void> {
  const { session } = store.getState();
  if (!session) return;
  session.background.abort();
  if (session.job.status === 'running') {
    session.job.abort.abort();
    await session.job.settled;
  }
  const closing = [desk.call('close', [session.model.id])];
  if (session.engineHasModel) closing.push(engine.call('close', [session.model.id]));
  // A worker that cannot close has failed and holds nothing any more.
  await Promise.allSettled(closing);
}

/** Hash and compressed size of the original, while the person looks around. */
export async function describeOriginal(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, background } = session;
  const { signal } = background;
  try {
    const identity = await studio.desk.call('identify', [model.id], { signal });
    updateSession(studio, model.id, () => ({ identity: { status: 'known', identity } }));
    const hashes = await studio.desk.call('hashModel', [model.id], { signal });
    updateSession(studio, model.id, ({ runs }) => ({
      runs: runs.map((run) =>
        run.id === BASELINE_ID ? { ...run, output: { ...run.output, files: hashes } } : run,
      ),
    }));
    const own = new Set(hashes.map(({ path }) => path));
    const files = session.files.filter(({ path }) => own.has(path));
    await weighGzip(studio, model.id, BASELINE_ID, files);
  } catch (error) {
    if (signal.aborted) return;
    updateSession(studio, model.id, ({ identity }) =>
      identity.status === 'known'
        ? {}
        : { identity: { status: 'failed', failure: toFailure(error) } },
    );
  }
}

/** Values of a weight up to this size are read unasked. */
const READ_UNASKED_BYTES = 64_000_000;

/** The largest weight that techniques act on, so that the panel has values to show at once. */
function largestReadable({ store }: Studio): string | null {
  const weights = store.getState().session?.model.weights ?? [];
  const [first] = weights
    .filter((it) => it.notCompressible === null && it.byteLength <= READ_UNASKED_BYTES)
    .toSorted((a, b) => b.byteLength - a.byteLength);
  return first?.name ?? null;
}
