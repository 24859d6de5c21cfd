/** How long the CPU would take for what is left of a job, by small trials of the same work. */
import { shapeByAxis } from '../catalog/matrix-shape.ts';
import { assert } from '../core/assert.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { Executor } from '../methods/executor.ts';
import { factorize } from '../methods/factorize.ts';
import { fitCodebook } from '../methods/fit-codebook.ts';
import { storeFloats } from '../methods/fp16.ts';
import { pruneWeight } from '../methods/magnitude.ts';
import { quantizeBy } from '../methods/quantize-by.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import { planRecipe } from '../plan/plan.ts';
import type { PlannedPart, PlannedWeight } from '../plan/planned-weight.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { CLIP_FACTORS } from '../reference/clip-search.ts';
import type { FinishedWeights } from '../storage/finished-weights.ts';
import { estimateDuration, type Trial, type Work } from './executor-choice.ts';
import { feedbackCost, feedbackTrial } from './feedback-trial.ts';
import { lowRankWork } from './low-rank-work.ts';
import type { OpenModel } from './models.ts';
import { reshapeTrial, reshapeWork } from './reshape-trial.ts';
import { specOf } from './store-part.ts';

/** Inputs of a channel in a trial: few, so that channels can be counted out. */
const TRIAL_INPUTS = 256;

/** Does a piece of work of about `cost`, and says how much it had. */
type Piece = (cost: number) => Promise<number>;

/** @throws the signal's reason when it aborts */
export async function estimateCpu(
  { model, weights }: OpenModel,
  recipe: Recipe,
  finished: FinishedWeights,
  { executor, signal }: { readonly executor: Executor; readonly signal: AbortSignal },
): Promise<number> {
  const pieces = new Map<string, Piece>();
  const work: Work[] = [];
  const add = (kind: string, cost: number, piece: Piece) => {
    pieces.set(kind, piece);
    work.push({ kind, cost });
  };
  const { planned, structure } = planRecipe(model, weights, recipe);
  const isLeft = planned.some(({ weight }) => !finished.has(weight.name));
  // Weights that are left need the reshaped model, which is made again.
  if (structure && isLeft) {
    const { graph } = model;
    add('reshape', reshapeWork(structure, graph), (cost) => reshapeTrial(cost, signal));
  }
  for (const item of planned) {
    if (!finished.has(item.weight.name)) addWork(item, add, executor, signal);
  }
  const trial: Trial = (kind, cost) => {
    signal.throwIfAborted();
    const piece = pieces.get(kind);
    assert(piece, `a trial of ${kind}`);
    return piece(cost);
  };
  return estimateDuration(work, trial);
}

function addWork(
  { prune, factorize: stage, residual, parts, view }: PlannedWeight,
  add: (kind: string, cost: number, piece: Piece) => void,
  executor: Executor,
  signal: AbortSignal,
): void {
  const elements = view.K * view.N;
  const walks = [prune?.method.kind === 'sparsegpt', parts[0]?.method?.kind === 'gptq'];
  // The inputs of lookups are not seen, so that nothing is walked.
  for (const _ of view.operator === 'Gather' ? [] : walks.filter(Boolean)) {
    add('feedback', feedbackCost(view), (cost) => feedbackTrial(cost, executor, signal));
  }
  if (prune) {
    const { spec } = prune;
    add(`prune ${JSON.stringify(spec)}`, elements, async (cost) => {
      const length = Math.ceil(cost / TRIAL_INPUTS) * TRIAL_INPUTS;
      const source = normal([length / TRIAL_INPUTS, TRIAL_INPUTS]);
      const inputs = { axisLength: TRIAL_INPUTS, inner: 1 };
      await pruneWeight(executor.pruning, source, spec, inputs, null, signal);
      return length;
    });
  }
  const lowRank = lowRankWork(view, stage, residual);
  if (lowRank !== null) {
    // Six products of the matrix and its sketch, and one of the factors.
    add('factorize', elements * lowRank, async (cost) => {
      const side = Math.max(32, Math.round(Math.cbrt(4 * cost)));
      const rank = Math.max(1, Math.floor(side / 4));
      const values = new Float32Array(await normal([side, side]).read(0, 4 * side * side));
      const device = await executor.matrices();
      const shape = { K: side, N: side };
      await factorize(device, 'trial', values, shape, { by: 'rank', rank }, { seed: 1, signal });
      return side * side * (rank + 10);
    });
  }
  for (const part of parts) {
    if (part.choice.kind === 'float') {
      add(`store ${part.choice.dtype}`, part.K * part.N, async (cost) => {
        await storeFloats(normal([cost]), 'float16', signal);
        return cost;
      });
      continue;
    }
    if (part.choice.kind === 'codebook') {
      const { choice } = part;
      add(`codebook ${choice.entries} ${choice.bits}`, part.K * part.N, async (cost) => {
        const N = Math.ceil(cost / TRIAL_INPUTS);
        const values = await readValues(normal([N, TRIAL_INPUTS]), signal);
        const shape = shapeByAxis([N, TRIAL_INPUTS], 0);
        await fitCodebook('trial', values, choice, shape, executor, signal);
        return N * TRIAL_INPUTS;
      });
      continue;
    }
    const spec = specOf(part);
    const { bits, rule, clip, symmetric, packing } = spec;
    const kind = `${part.method?.kind} ${bits} ${rule} ${clip} ${symmetric} ${packing}`;
    const tries = clip ? CLIP_FACTORS.length : 1;
    add(kind, part.K * part.N * tries, async (cost) => {
      return tries * (await quantizePiece(part, spec, cost / tries, executor, signal));
    });
  }
}

async function quantizePiece(
  { method }: PlannedPart,
  spec: QuantizeSpec,
  cost: number,
  executor: Executor,
  signal: AbortSignal,
): Promise<number> {
  const N = Math.ceil(cost / TRIAL_INPUTS);
  const source = normal(spec.transposed ? [N, TRIAL_INPUTS] : [TRIAL_INPUTS, N]);
  const own = { ...spec, K: TRIAL_INPUTS, N };
  assert(method, 'codes are found somehow');
  await quantizeBy(method, source, own, { executor, signal, statistics: null });
  return N * TRIAL_INPUTS;
}

function normal(dims: readonly number[]) {
  const random = seededRandom(1);
  const length = dims.reduce((product, dim) => product * dim, 1);
  return memorySource(
    'trial',
    Float32Array.from({ length }, () => random.normal()),
    dims,
  );
}
