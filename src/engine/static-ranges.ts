/** Finds the grids of activations that a plan rounds to 8 bits, and what the file stores of them. */
import type { RangeMethod, StaticActivation } from '../catalog/encodings.ts';
import { assert } from '../core/assert.ts';
import { binEdges } from '../core/value-histogram.ts';
import type { Rows } from '../dataset/rows.ts';
import type { WantedBias, WantedRange } from '../encoders/encode-context.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { chooseRange } from '../methods/choose-range.ts';
import { payloadKey } from '../model/edit.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Plan } from '../plan/plan.ts';
import type { ActivationRange } from '../reference/activation-range.ts';
import { type Int8Parameters, int8Parameters, quantizeBias } from '../reference/static-int8.ts';
import { rowsShown } from './calibrating.ts';
import type { Job } from './compress-job.ts';
import { statisticsOf } from './statistics-cache.ts';
import type { Bytes } from './store-part.ts';
import type { InputScales } from './weight-scaling.ts';

/** By the names of the values that are rounded. */
export type StaticGrids = ReadonlyMap<string, Int8Parameters>;

/** Bins of a histogram over ±max|x|. */
const BINS = 2048;
const KEPT_BYTES = 512e6;

/**
 * The grid of each value that the plan rounds. Where one cannot be known, every weight that needs
 * grids is added to those that failed.
 * @throws runtime-failed; the signal's reason
 */
export async function findStaticGrids(
  job: Job,
  plan: Plan,
  scales: InputScales,
): Promise<StaticGrids> {
  const { ranges } = plan.grids;
  const grids = new Map<string, Int8Parameters>();
  if (ranges.length === 0) return grids;
  const found = await job.calibrator.rows(job.open, job.signal);
  if ('reason' in found) {
    failAll(job, plan, `Static int8 needs calibration rows: ${found.reason}.`);
    return grids;
  }
  const scaled = new Map(plan.scalings.map((scaling) => [scaling.value, scaling]));
  const seen = await seenRanges(job, ranges, found.rows);
  for (const range of ranges) {
    const { name, value, activation } = range;
    const scaling = scaled.get(value);
    const isScaled = scaling !== undefined && (scaling.folded !== null || name !== value);
    // Of scaled values only the extremes of their channels are known.
    const own = (isScaled ? scales.get(scaling.key)?.range : null) ?? seen.get(name);
    assert(own, `the range of ${name} is known`);
    if (!(Number.isFinite(own.min) && Number.isFinite(own.max))) {
      failAll(job, plan, `${value} is not finite on the calibration rows: it has no 8-bit grid.`);
      return new Map();
    }
    const { signed } = activation;
    grids.set(name, int8Parameters(own.min, own.max, { signed, symmetric: signed }));
  }
  job.clock.lap('calibrate');
  return grids;
}

function failAll({ failed }: Job, { planned }: Plan, reason: string): void {
  for (const { weight, parts } of planned) {
    const isStatic = parts.some(({ choice }) => choice.encoding === 'static-int8');
    if (isStatic) failed.set(weight.name, reason);
  }
}

/** Two passes: extremes, then histograms over them where a range asks for one. */
async function seenRanges(
  job: Job,
  ranges: readonly WantedRange[],
  rows: Rows,
): Promise<ReadonlyMap<string, ActivationRange>> {
  const count = Math.min(rows.count, Math.max(...ranges.map(({ activation }) => activation.rows)));
  const extremes = await passOver(job, ranges, { rows, count }, () => null);
  const extremesOf = ({ value }: WantedRange): ActivationRange => {
    const [min = 0] = extremes.get(value)?.min ?? [];
    const [max = 0] = extremes.get(value)?.max ?? [];
    return { min, max };
  };
  const reachOf = (range: WantedRange): number => {
    const { min, max } = extremesOf(range);
    return Math.max(-min, max);
  };
  const counted = ranges.filter((range) => needsHistogram(range.activation, reachOf(range)));
  const histograms = await passOver(job, counted, { rows, count }, reachOf);
  return new Map(
    ranges.map((range) => {
      const { name, value, activation } = range;
      const counts = counted.includes(range) ? histograms.get(value)?.counts : undefined;
      if (!counts) return [name, extremesOf(range)];
      const reach = reachOf(range);
      const histogram = { counts, edges: binEdges(-reach, reach, BINS) };
      return [name, chooseRange(histogram, extremesOf(range), activation)];
    }),
  );
}

const OF_EXTREMES: RangeMethod = 'minmax';

const needsHistogram = ({ range }: StaticActivation, reach: number): boolean =>
  range !== OF_EXTREMES && reach > 0 && Number.isFinite(reach);

/** Statistics by value; what an earlier run took is taken again. */
async function passOver(
  { open, calibrator, signal, progress }: Job,
  ranges: readonly WantedRange[],
  given: { readonly rows: Rows; readonly count: number },
  reachOf: (range: WantedRange) => number | null,
): Promise<ReadonlyMap<string, InputStatistics>> {
  const cache = statisticsOf(given.rows, KEPT_BYTES);
  const taken = new Map<string, InputStatistics>();
  const keyOf = (range: WantedRange) =>
    JSON.stringify(['all', given.count, range.value, reachOf(range)]);
  const left = new Map<string, WantedRange>();
  for (const range of ranges) {
    const known = cache.get(keyOf(range), 'moments');
    if (known) taken.set(range.value, known);
    else left.set(range.value, range);
  }
  if (left.size === 0) return taken;
  const wanted = [...left.values()].map((range) => {
    const reach = reachOf(range);
    return {
      ...{ K: 1, kind: 'moments' as const },
      sources: [{ value: range.value, layout: 'all' as const }],
      ...(reach !== null && { histogram: { reach, bins: BINS } }),
    };
  });
  const shows = rowsShown('calibrate', progress);
  const onRow = (done: number, total: number): void => shows.calibrating(done, total, 0);
  const all = await calibrator.pass(open, wanted, given, { signal, onRow });
  for (const [index, range] of [...left.values()].entries()) {
    const statistics = all[index];
    assert(statistics, `the pass takes ${range.value}`);
    cache.put(keyOf(range), statistics);
    taken.set(range.value, statistics);
  }
  return taken;
}

/** Payloads of grids and int8 biases, by what the writer asks for them by. */
export async function gridPayloads(
  { open, work }: Job,
  { grids: { ranges, biases } }: Plan,
  grids: StaticGrids,
): Promise<ReadonlyMap<string, Bytes>> {
  const payloads = new Map<string, Bytes>();
  const gridOf = ({ name }: WantedRange): Int8Parameters => {
    const grid = grids.get(name);
    assert(grid, `${name} has a grid`);
    return grid;
  };
  for (const range of ranges) {
    const { scale, zeroPoint } = gridOf(range);
    payloads.set(payloadKey(range.scale), new Uint8Array(Float32Array.of(scale).buffer));
    payloads.set(payloadKey(range.zeroPoint), Uint8Array.of(zeroPoint));
  }
  for (const wanted of biases) {
    const stored = work.payloads.get(payloadKey(wanted.weightScales));
    assert(stored, 'the weight is stored');
    const bytes = stored instanceof Blob ? await stored.arrayBuffer() : stored.slice().buffer;
    const { codes, scales } = await biasOf(open, wanted, gridOf(wanted.input), bytes);
    payloads.set(payloadKey(wanted.codes), new Uint8Array(codes.buffer));
    payloads.set(payloadKey(wanted.scales), new Uint8Array(scales.buffer));
  }
  return payloads;
}

async function biasOf(
  { model }: Job['open'],
  { bias }: WantedBias,
  { scale }: Int8Parameters,
  weightScales: ArrayBuffer,
) {
  const constant = model.graph.tensors.get(bias);
  assert(constant, `${bias} is a constant`);
  const values = await readFloat32(model, constant);
  return quantizeBias(values, scale, new Float32Array(weightScales));
}
