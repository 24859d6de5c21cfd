import { expect, test } from 'vitest';
import type { PruneSpec } from '../core/prune-spec.ts';
import { goldenCases } from '../reference/testing/golden.ts';
import { layerOf, relativeError } from '../reference/testing/layers.ts';
import { columnRuns } from './column-runs.ts';
import { CpuFeedback } from './feedback-device.ts';
import { sparseGpt } from './sparsegpt.ts';

const device = new CpuFeedback();
const { signal } = new AbortController();

const specOf = (pattern: string, sparsity: number): PruneSpec => {
  const [n = 0, m = 0] = pattern.split(':').map(Number);
  return m > 0 ? { kind: 'n-of-m', n, m } : { kind: 'unstructured', sparsity, scope: 'tensor' };
};

test.each(goldenCases('prune', 'sparsegpt_'))(
  '$name: as good as the published code',
  async (golden) => {
    const layer = layerOf(golden);
    const { N, K, weight, gram } = layer;
    const inputs = { K, count: 512, gram: Float32Array.from(gram) };
    const runs = columnRuns(K, K, false);
    for (const { pattern, sparsity, ...wanted } of golden.expect.variants ?? []) {
      const spec = specOf(pattern as string, sparsity as number);
      const found = await sparseGpt(
        device,
        { values: weight, N, spec, inputs, runs, damping: 0.01 },
        signal,
      );
      if ('refused' in found) throw new Error(found.refused);
      const { values, goes, note } = found;
      expect(goes.reduce((sum, it) => sum + it, 0)).toBe(wanted['pruned']);
      expect(values.every((value, i) => (value === 0) === (goes[i] === 1))).toBe(true);
      const own = relativeError(layer, values);
      expect(own / (wanted['relativeError'] as number)).toBeLessThan(1.02);
      const told = Number(note.match(/Layer error (\S+) ×/)?.[1]);
      expect((told * (wanted['magnitudeError'] as number)) / own).toBeCloseTo(1, 1);
    }
  },
);

test('of patches, neighbours are channels', async () => {
  const [golden] = goldenCases('prune', 'sparsegpt_deadcols');
  if (!golden) throw new Error('the golden exists');
  const { N, K, weight, gram } = layerOf(golden);
  const inputs = { K, count: 512, gram: Float32Array.from(gram) };
  const task = { values: weight, N, inputs, damping: 0.01, spec: specOf('2:4', 0) };
  const runs = columnRuns(K, K / 3, true);
  const found = await sparseGpt(device, { ...task, runs }, signal);
  if ('refused' in found) throw new Error(found.refused);
  for (let row = 0; row < N; row++) {
    for (let tap = 0; tap < 3; tap++) {
      for (let channel = 0; channel < K / 3; channel += 4) {
        const group = [0, 1, 2, 3].map((i) => found.goes[row * K + (channel + i) * 3 + tap]);
        expect(group.filter(Boolean).length).toBe(2);
      }
    }
  }
  const ragged = await sparseGpt(device, { ...task, runs: columnRuns(K, 6, true) }, signal);
  expect(ragged).toEqual({ refused: expect.stringContaining('6 input channels') });
});
