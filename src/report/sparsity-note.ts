import { TECHNIQUES } from '../catalog/techniques.ts';
import { formatBytes } from './format.ts';
import type { RunReport } from './report.ts';

type Pruned = Pick<RunReport, 'recipe' | 'weights' | 'output'>;

/**
 * What zeros do not do, in a sentence: no runtime that is measured here skips them. What they do is
 * shrink the file, or at least what gzip makes of it. null for a run that pruned nothing.
 */
export function sparsityNote(run: Pruned, baseline: Pick<RunReport, 'output'>): string | null {
  const prunes = run.recipe?.steps.some(
    ({ technique }) => TECHNIQUES[technique].family === 'prune',
  );
  const changed = run.weights.filter(({ technique, failed }) => technique !== null && !failed);
  if (!prunes || changed.length === 0) return null;
  const isPacked = changed.some(({ encoding }) => encoding.startsWith('sparse-'));
  const fact = `Sparsity gives no speed here: ${isPacked ? PACKED : STORED}`;
  const { gzipByteLength } = run.output;
  const original = baseline.output.gzipByteLength;
  if (gzipByteLength === null || original === null) return `${fact}.`;
  return `${fact}; after gzip the file has ${formatBytes(gzipByteLength)}, the original ${formatBytes(original)}.`;
}

const STORED = 'zeros are stored and multiplied like any value';
const PACKED =
  'zeros are left out of the file, put back as it is loaded and multiplied like any value';
