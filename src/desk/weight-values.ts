/** How the values of a weight are spread: as they were, and as a run has stored them. */
import type { RunOnFile } from '../bridge/protocol.ts';
import { assert } from '../core/assert.ts';
import { sqnrDb } from '../core/quantize-spec.ts';
import { StudioError } from '../core/studio-error.ts';
import type { StoredMatrix } from '../encoders/stored-matrix.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { breathe } from '../methods/breathe.ts';
import { histogram } from '../reference/histogram.ts';
import { formatCount, formatDb } from '../report/format.ts';
import type { Focus, Spread, WeightValues } from '../report/weight-values.ts';
import { weightOfRun } from './run-plan.ts';
import type { Session } from './sessions.ts';
import { productCost, readStoredWeight, type StoredWeight } from './stored-weight.ts';

type Values = Float32Array<ArrayBuffer>;

const BINS = 61;
/** Of one weight from a run's file: what is held of it takes 8 B a value. */
const MOST_VALUES = 2 ** 26;
/** About ten seconds. */
const MOST_PRODUCTS = 2 ** 33;
/** Between what a report says of a weight and what is read of it: sums of another order. */
const SAME_DB = 0.1;
const CHUNK = 2 ** 20;
const SCALED =
  'Its channels are stored times scales that its inputs are divided by: value by value they do not compare.';

/**
 * - `run` — null: the original alone
 * - `focus` — one channel or block of a weight that `run` has quantized; null: all of it
 * @throws worker-failed for a name that no weight has; the signal's reason; what reading throws
 */
export async function weightValues(
  session: Session,
  name: string,
  run: RunOnFile | null,
  focus: Focus | null,
  signal: AbortSignal,
): Promise<WeightValues> {
  const weight = session.weights.find((candidate) => candidate.name === name);
  if (!weight) throw new StudioError('worker-failed', `The model has no weight "${name}".`);
  const original = await readFloat32(session.model, weight.tensor);
  await breathe(signal);
  const stored = run && (await storedValues(session, name, original, run, signal));
  const nothing = { after: null, missing: null, channels: null, focus: null, levels: null };
  if (!stored || 'missing' in stored) {
    const limit = await limitOf([original], signal);
    const before = await spreadOf(original, limit, signal);
    return { ...nothing, limit, before, missing: stored?.missing ?? null };
  }
  const { values, matrix } = stored;
  const own = matrix && focus && clamped(focus, matrix);
  const [from, to] =
    matrix && own
      ? [partOf(original, matrix, own), partOf(values, matrix, own)]
      : [original, values];
  const limit = await limitOf([from, to], signal);
  return {
    limit,
    before: await spreadOf(from, limit, signal),
    after: await spreadOf(to, limit, signal),
    missing: null,
    channels: matrix && {
      count: matrix.channelCount,
      blocks: matrix.blockCount,
      blockSize: matrix.blockSize,
    },
    focus: own,
    levels: matrix && own && levelsOf(matrix, own),
  };
}

/** What the run has stored, or why that is not known. */
async function storedValues(
  session: Session,
  name: string,
  original: Values,
  run: RunOnFile,
  signal: AbortSignal,
): Promise<StoredWeight | { readonly missing: string | null }> {
  const stands = weightOfRun(session, name, run);
  if (!stands) {
    const why = run.payloads
      ? 'The run stores it otherwise than its recipe says.'
      : 'The file of this run was written by another version of Whittle.';
    return { missing: why };
  }
  const { item, read } = stands;
  if (!item) return { missing: null }; // left alone: there is no other value
  if (item.cut) {
    const [before, after] = [item.cut.tensor.dims, item.cut.dims].map((dims) => dims.join(' × '));
    return { missing: `It was cut from ${before} to ${after}: no value has one to compare with.` };
  }
  if (original.length > MOST_VALUES) {
    const most = formatCount(MOST_VALUES);
    return { missing: `It has ${formatCount(original.length)} values; up to ${most} are read.` };
  }
  if (productCost(item) > MOST_PRODUCTS) {
    return { missing: 'The product of its factors takes too long to compute here.' };
  }
  const stored = await readStoredWeight(item, read, signal);
  const found = await sqnrOf(original, stored.values, signal);
  const { sqnrDb: said } = run;
  if (said !== null && Number.isFinite(said) && !(Math.abs(found - said) <= SAME_DB)) {
    if (item.inputScaling !== null || item.outputScaling !== null) return { missing: SCALED };
    return {
      missing: `The file holds other values than the run's report says: SQNR ${formatDb(found)}, not ${formatDb(said)}.`,
    };
  }
  return stored;
}

async function sqnrOf(original: Values, stored: Values, signal: AbortSignal): Promise<number> {
  assert(original.length === stored.length, 'as many values as before');
  let [sumSquares, sumSquaredError, maxAbsError] = [0, 0, 0];
  for (let first = 0; first < original.length; first += CHUNK) {
    const end = Math.min(original.length, first + CHUNK);
    for (let i = first; i < end; i++) {
      const value = original[i] as number;
      const error = Math.abs(value - (stored[i] as number));
      sumSquares += value * value;
      sumSquaredError += error * error;
      if (error > maxAbsError) maxAbsError = error;
    }
    await breathe(signal);
  }
  return sqnrDb({ sumSquares, sumSquaredError, maxAbsError });
}

function clamped({ channel, block }: Focus, { channelCount, blockCount }: StoredMatrix): Focus {
  const within = (value: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.trunc(value) || 0));
  return {
    channel: within(channel, channelCount),
    block: block === null ? null : within(block, blockCount),
  };
}

function partOf(
  values: Values,
  { places, blockSize, channelLength }: StoredMatrix,
  { channel, block }: Focus,
): Values {
  const first = block === null ? 0 : block * blockSize;
  const end = block === null ? channelLength : Math.min(channelLength, first + blockSize);
  const start = places.start(channel);
  return Float32Array.from(
    { length: end - first },
    (_, at) => values[start + (places.of[first + at] ?? 0)] ?? 0,
  );
}

/** What the values can be, each once. */
function levelsOf(
  { levels, blockCount }: StoredMatrix,
  { channel, block }: Focus,
): readonly number[] {
  const blocks = block === null ? Array.from({ length: blockCount }, (_, at) => at) : [block];
  return [...new Set(blocks.flatMap((at) => levels(channel, at)))].sort((a, b) => a - b);
}

async function limitOf(all: readonly Values[], signal: AbortSignal): Promise<number> {
  let limit = 0;
  for (const values of all) {
    for (let first = 0; first < values.length; first += CHUNK) {
      for (const value of values.subarray(first, first + CHUNK)) {
        const magnitude = Math.abs(value);
        if (magnitude > limit && magnitude < Number.POSITIVE_INFINITY) limit = magnitude;
      }
      await breathe(signal);
    }
  }
  return limit;
}

async function spreadOf(values: Values, limit: number, signal: AbortSignal): Promise<Spread> {
  const counts = new Array<number>(BINS).fill(0);
  let [sum, squares, count] = [0, 0, 0];
  for (let first = 0; first < values.length; first += CHUNK) {
    const chunk = values.subarray(first, first + CHUNK);
    histogram(chunk, BINS, limit || 1).forEach((held, bin) => {
      counts[bin] = (counts[bin] ?? 0) + held;
    });
    for (const value of chunk) {
      if (!Number.isFinite(value)) continue;
      sum += value;
      squares += value * value;
      count += 1;
    }
    await breathe(signal);
  }
  const mean = count > 0 ? sum / count : 0;
  const variance = count > 0 ? Math.max(0, squares / count - mean * mean) : 0;
  return { counts, mean, standardDeviation: Math.sqrt(variance) };
}
