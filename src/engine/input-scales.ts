/** Finds the scales of the activations that a plan scales, and what the file stores of them. */
import { allFinite } from '../core/all-finite.ts';
import { assert } from '../core/assert.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { searchInputScales, unscaled } from '../methods/awq-scales.ts';
import { channelRows } from '../methods/channel-rows.ts';
import { scaledStatistics } from '../methods/scaled-statistics.ts';
import { smoothInputScales } from '../methods/smooth-input-scales.ts';
import { payloadKey } from '../model/edit.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { PlannedScaling, ScalingTensor } from '../plan/scaling/scaled-inputs.ts';
import { calibrated } from './calibrating.ts';
import type { Calibrated, Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { CompressReporter } from './compress-progress.ts';
import { type Bytes, specOf } from './store-part.ts';
import { originalOf } from './weight-context.ts';
import type { FoundScales, InputScales } from './weight-scaling.ts';

/** @throws runtime-failed, no-webgpu, device-lost, out-of-memory, gpu-failed; the signal's reason */
export async function findInputScales(
  job: Job,
  { planned, scalings }: Plan,
  calibration: Calibration,
): Promise<InputScales> {
  const found = new Map<string, FoundScales>();
  if (scalings.length === 0) return found;
  const byName = new Map(planned.map((item) => [item.weight.name, item]));
  const groups = scalings.map((scaling) => ({
    scaling,
    items: scaling.members.map((name) => {
      const item = byName.get(name);
      assert(item, `${name} is planned`);
      return item;
    }),
  }));
  const all = groups.flatMap(({ items }) => items);
  const steps = new Map(
    groups.flatMap(({ scaling, items }) => items.map((item) => [item, scaling.stepIndex] as const)),
  );
  const stepOf = (item: PlannedWeight) => steps.get(item) ?? 0;
  const reporter = new CompressReporter({ stage: 'analyse', stepOf }, all, job.progress);
  for (const { scaling, items } of groups) {
    job.signal.throwIfAborted();
    const [first] = items;
    assert(first, 'a scaling has weights');
    const known = await calibrated(job, calibration, first, {
      working: 'analyse',
      shows: reporter,
    });
    found.set(scaling.key, await scalesOf(job, scaling, items, known));
    for (const item of items) reporter.settled(item);
  }
  job.clock.lap('analyse');
  return found;
}

async function scalesOf(
  { open, computing, signal }: Job,
  { K, method }: PlannedScaling,
  items: readonly PlannedWeight[],
  known: Calibrated | null,
): Promise<FoundScales> {
  const without = (note: string): FoundScales => ({
    ...{ scales: unscaled(K).scales, note },
    range: known?.statistics ? extremesOf(known.statistics) : null,
  });
  if (!known?.statistics) return without(`Inputs not scaled: ${known?.reason ?? 'not calibrated'}`);
  const { statistics } = known;
  if (!areFinite(statistics)) return without('Inputs not scaled: some of them are not finite');
  const weights = await Promise.all(
    items.map(async ({ weight, view, parts: [part] }) => {
      assert(part, 'a weight has a part');
      const values = await channelRows(originalOf(open.model, weight), view, signal);
      return { values, part };
    }),
  );
  // A weight that holds such values fails by itself.
  if (!weights.every(({ values }) => allFinite(values))) {
    return without('Inputs not scaled: a weight that reads them is not finite');
  }
  if (method.kind === 'smoothquant') {
    const given = weights.map(({ values }) => values);
    const { scales, noiseShare } = smoothInputScales(given, statistics, method.alpha);
    const expected = `${Math.round(100 * noiseShare)} % of the noise of 8-bit rounding expected`;
    if (!(noiseShare < 1)) return without(`Inputs not smoothed: that has ${expected}`);
    const range = extremesOf(scaledStatistics({ ...statistics, gram: null }, scales));
    return { scales, range, note: `Inputs smoothed, strength ${method.alpha}: ${expected}` };
  }
  const { gram } = statistics;
  assert(gram, 'AWQ asks for products of inputs');
  const reading = weights.map(({ values, part }) => ({ values, spec: specOf(part) }));
  const { scales, ratio, errorShare } = await computing.on(({ awq }) =>
    searchInputScales(reading, { ...statistics, gram }, awq, signal),
  );
  if (ratio === null) return without('Inputs not scaled: no AWQ ratio rounds better');
  const left = Math.round(1000 * errorShare) / 10;
  const range = extremesOf(scaledStatistics({ ...statistics, gram: null }, scales));
  return { scales, range, note: `AWQ ratio ${ratio}: ${left} % of plain rounding's output error` };
}

const extremesOf = ({ min, max }: InputStatistics) => ({
  min: min.reduce((a, b) => Math.min(a, b)),
  max: max.reduce((a, b) => Math.max(a, b)),
});

const areFinite = ({ min, max }: InputStatistics): boolean => allFinite(min) && allFinite(max);

/** Payloads of the constants that scales make, by what the writer asks for them by. */
export async function scalingPayloads(
  { open }: Job,
  { scalings }: Plan,
  found: InputScales,
): Promise<ReadonlyMap<string, Bytes>> {
  const payloads = new Map<string, Bytes>();
  for (const { key, tensors } of scalings) {
    const scales = found.get(key)?.scales;
    assert(scales, 'every scaling has scales');
    for (const tensor of tensors) {
      const values = await storedValues(tensor, scales, open.model);
      payloads.set(payloadKey(tensor.spec), new Uint8Array(values.buffer));
    }
  }
  return payloads;
}

async function storedValues(
  { constant }: ScalingTensor,
  scales: Float32Array<ArrayBuffer>,
  model: Job['open']['model'],
): Promise<Float32Array<ArrayBuffer>> {
  if (!constant) return scales.map((scale) => 1 / scale);
  const { weight, axis } = constant;
  const { dims } = weight.tensor;
  const values = await readFloat32(model, weight.tensor);
  const inner = dims.slice(axis + 1).reduce((product, length) => product * length, 1);
  return values.map((value, i) => {
    const channel = Math.floor(i / inner) % (dims[axis] ?? 1);
    return value / (scales[channel] as number);
  });
}
