import type { Histogram } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { histogram } from '../reference/histogram.ts';
import type { Session } from './sessions.ts';

const BINS = 61;

/** How a weight's values are spread, over a symmetric range up to its largest magnitude. */
export async function weightHistogram(
  { model, weights }: Session,
  name: string,
): Promise<Histogram> {
  const weight = weights.find((candidate) => candidate.name === name);
  if (!weight) throw new StudioError('worker-failed', `The model has no weight "${name}".`);
  const values = await readFloat32(model, weight.tensor);
  let limit = 0;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    limit = Math.max(limit, Math.abs(value));
    sum += value;
    squares += value * value;
    count += 1;
  }
  const mean = count > 0 ? sum / count : 0;
  const variance = count > 0 ? Math.max(0, squares / count - mean * mean) : 0;
  return {
    counts: [...histogram(values, BINS, limit || 1)],
    limit,
    mean,
    standardDeviation: Math.sqrt(variance),
  };
}
