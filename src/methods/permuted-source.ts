import { permute } from '../core/permute.ts';
import { memorySource, readValues } from './read-values.ts';
import type { WeightSource } from './weight-source.ts';

/** The weight with its axes in another order, read into memory as float32. */
export async function permutedSource(
  source: WeightSource,
  dims: readonly number[],
  perm: readonly number[],
  signal: AbortSignal,
): Promise<WeightSource> {
  const values = permute(await readValues(source, signal), dims, perm);
  return memorySource(
    source.name,
    values,
    perm.map((axis) => dims[axis] ?? 1),
  );
}
