/**
 * What `npm run matrix` calls in the production page (`#bench` in the address): plans a recipe on
 * the open model, or compresses with it, checks the truth on both backends and scores it.
 */
import type { Measured, OperatorsRequest as Request } from '../bridge/measure-calls.ts';
import { BACKENDS, type Backend } from '../core/backend.ts';
import { newId } from '../core/new-id.ts';
import { StudioError } from '../core/studio-error.ts';
import { parseRecipe } from '../recipe/parse-recipe.ts';
import type { OperatorTimes } from '../report/operator-times.ts';
import type { Accuracy, BackendMeasurement, Fidelity, Phase, WeightRow } from '../report/report.ts';
import { idleSession } from './bench-hook.ts';
import { scoringBackend } from './measure-run.ts';
import type { Studio } from './store.ts';

export interface Cell {
  /** Bytes of the plan made before; what it holds as an upper bound is not `exact`. */
  readonly planned: { readonly byteLength: number; readonly exact: boolean };
  readonly byteLength: number;
  readonly partial: boolean;
  readonly weights: readonly WeightRow[];
  /** Of compressing. */
  readonly phases: readonly Phase[];
  /** Another cell of the model gave the same bytes; the figures are that one's. */
  readonly isKnown: boolean;
  readonly measurements: readonly BackendMeasurement[];
  readonly accuracy: Accuracy | null;
  /** Of each scored row, as the rows of a run have them; null where a row has no one answer. */
  readonly answers: readonly number[] | null;
  readonly fidelity: Fidelity | null;
  /** On WASM, the original and the output in turn. */
  readonly profiles: readonly ProfilePair[];
}

export interface ProfilePair {
  readonly original: OperatorTimes;
  readonly output: OperatorTimes;
}

/** What a dry run says that the choice of cells goes by. */
export interface PlannedCell {
  readonly byteLength: number;
  /** Encoding and operator of each compressed weight: "int4·32 MatMul". */
  readonly encodings: readonly string[];
  /** What is said of the steps; of steps that say nothing, why weights are left alone. */
  readonly reasons: readonly string[];
}

export interface Matrix {
  /** Waits until another model than `before` is open; gives its id. */
  opened(before: string | null): Promise<string>;
  plan(recipe: unknown): Promise<PlannedCell>;
  /**
   * Offers the output's files for download, then measures them.
   * - `score`       — all rows too
   * - `repetitions` — pairs timed with the original; none if absent
   * - `backends`    — measured on; both if absent
   * - `profiles`    — times by operator taken of it and the original, in turn; none if absent
   */
  cell(
    recipe: unknown,
    score: boolean,
    repetitions?: number,
    backends?: readonly Backend[],
    profiles?: number,
  ): Promise<Cell>;
}

export const matrixOf = (studio: Studio): Matrix => ({
  opened: async (before) => {
    for (;;) {
      const { model, files } = await idleSession(studio);
      if (model.id !== before) {
        // Held by the engine for all cells: what the original gives is computed once.
        await studio.engine.call('open', [model.id, files]);
        return model.id;
      }
      await pause();
    }
  },
  plan: async (json) => {
    const { model } = await idleSession(studio);
    const plan = await studio.desk.call('plan', [model.id, parseRecipe(json)]);
    const operators = new Map(model.weights.map(({ name, op }) => [name, op]));
    const taken = plan.weights.filter(({ step }) => step !== null);
    const said = plan.warnings.map(({ message }) => message);
    return {
      byteLength: plan.byteLength,
      encodings: taken.map(({ name, encodingLabel }) => `${encodingLabel} ${operators.get(name)}`),
      reasons: said.length > 0 ? said : plan.leftAlone.map(({ reason }) => reason),
    };
  },
  cell: async (json, score, repetitions = 0, backends = BACKENDS, profiles = 0) => {
    const { desk, engine, effects, store } = studio;
    const { model } = await idleSession(studio);
    const recipe = parseRecipe(json);
    const planned = await desk.call('plan', [model.id, recipe]);
    const options = { executor: 'gpu', jobId: newId() } as const;
    const compressed = await onceFree(() => engine.call('compress', [model.id, recipe, options]));
    await engine.call('settle', [options.jobId]);
    const bundle = await desk.call('bundle', [compressed.files]);
    effects.save('cell.onnx', bundle);
    const { byteLength, weights, phases, partial } = compressed;
    const key = `${model.id} ${score} ${repetitions} ${backends} ${await digestOf(bundle)}`;
    const known = measured.get(key);
    const figures =
      known ??
      (await engine.call('measure', [
        {
          modelId: model.id,
          files: compressed.files,
          weights,
          backends,
          scoreOn: scoringBackend(store.getState().device, recipe),
          score,
          truthBudgetMs: 0,
          warmUp: repetitions > 0 ? WARM_UP : 0,
          repetitions,
        },
      ]));
    measured.set(key, figures);
    const { measurements, accuracy, answers, fidelity } = figures;
    const pairs: ProfilePair[] = [];
    const operators = (files: Request['files']) =>
      engine.call('operators', [{ modelId: model.id, files, backend: 'wasm' }]);
    for (let pair = 0; pair < profiles; pair++) {
      pairs.push({ original: await operators(null), output: await operators(compressed.files) });
    }
    const isKnown = known !== undefined;
    return {
      ...{ planned, byteLength, partial, weights, phases },
      ...{ isKnown, measurements, accuracy, answers, fidelity, profiles: pairs },
    };
  },
});

/** Figures by model and bytes: much that is done in floats gives one file for all targets. */
const measured = new Map<string, Measured>();

async function digestOf(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return new Uint8Array(digest).join('.');
}

const WARM_UP = 3;
const WAIT_MS = 250;
const pause = () => new Promise((resolve) => setTimeout(resolve, WAIT_MS));

/** The engine ends a cancelled job with the row that it is at. */
async function onceFree<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'busy') throw error;
      await pause();
    }
  }
}
