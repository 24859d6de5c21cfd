import { afterAll, expect, test } from 'vitest';
import { prunedOfGroup } from '../core/prune-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { FEEDBACK_SIDE } from './feedback-block.ts';
import { pruneBlock } from './prune-block.ts';
import { pruneScores } from './prune-scores.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const SIDE = FEEDBACK_SIDE;
const STRIDE = 96;
const SENTINEL = 0xbadc0ded;
const at = (values: Float32Array | Uint32Array, i: number) => values[i] ?? Number.NaN;

/** Panels are small, so that sums over many columns stay well conditioned. */
function drawn(seed: number) {
  const random = seededRandom(seed);
  const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
  const panelOf = (first: number) => {
    const panel = normal((first + SIDE + 2) * SIDE).map((x) => x / 8);
    const facts = (first + SIDE) * SIDE;
    for (let i = 0; i < SIDE; i++) panel[facts + i] = 1 + random.uniform();
    return panel;
  };
  return { normal, panelOf, bit: () => random.below(2) };
}

test.each([
  [0, 32, 0, 0],
  [64, 13, 0, 0],
  [32, 32, 2, 4],
  [0, 30, 4, 8],
  [96, 1, 1, 4],
  [0, 21, 3, 32],
])('from column %i, %i columns, %i of %i', async (first, width, keep, groupSize) => {
  const { normal, panelOf, bit } = drawn(first + width + groupSize);
  const K = first + width;
  const [weight, corrected, panel] = [
    normal(K * STRIDE),
    normal(SIDE * STRIDE),
    panelOf(first),
  ] as const;
  const facts = (first + SIDE) * SIDE;
  const given = Uint32Array.from({ length: K * STRIDE }, bit);
  using above = uploaded(gpu, corrected);
  using weights = uploaded(gpu, weight);
  using panels = uploaded(gpu, panel);
  using chosen = guarded(gpu, 4 * K * STRIDE);
  using marked = uploaded(gpu, given);
  using errors = guarded(gpu, 4 * K * STRIDE);
  using losses = guarded(gpu, 4 * STRIDE, 0x3f800000);
  await gpu.run(
    pruneBlock,
    {
      ...{ corrected: above, weight: weights, panel: panels, errors, losses },
      marks: groupSize > 0 ? chosen : marked,
    },
    { first, width, stride: STRIDE, keep, groupSize },
  );
  const lost = new Float32Array(await errors.read());
  const found = new Uint32Array(await chosen.read());
  const sums = new Float32Array(await losses.read());
  const untouched = new Uint32Array(lost.buffer, 0, first * STRIDE);
  expect(untouched.every((word) => word === SENTINEL)).toBe(true);
  const before = found.subarray(0, groupSize > 0 ? first * STRIDE : found.length);
  expect(before.every((word) => word === SENTINEL)).toBe(true);

  const marks = groupSize > 0 ? found : given;
  for (let channel = 0; channel < STRIDE; channel++) {
    const place = (i: number) => (first + i) * STRIDE + channel;
    const weighs = (j: number, i: number) => at(panel, (first + j) * SIDE + i);
    const valueAt = (i: number, settled: number) => {
      let value = at(corrected, i * STRIDE + channel);
      for (let j = 0; j < settled; j++) value += at(lost, place(j)) * weighs(j, i);
      return value;
    };
    let loss = 1;
    for (let i = 0; i < width; i++) {
      const value = valueAt(i, i);
      const isPruned = at(marks, place(i)) === 1;
      expect(at(lost, place(i))).toBeCloseTo(at(weight, place(i)) - (isPruned ? 0 : value), 4);
      if (isPruned) loss += at(panel, facts + i) * value ** 2;
    }
    expect(at(sums, channel) / loss).toBeCloseTo(1, 4);

    for (let start = 0; groupSize > 0 && start < width; start += groupSize) {
      const length = Math.min(groupSize, width - start);
      const moves: number[] = [];
      const scores = Array.from({ length }, (_, c) => {
        let value = valueAt(start + c, start);
        moves.forEach((move, j) => {
          value -= move * weighs(start + j, start + c);
        });
        moves.push(value - at(weight, place(start + c)));
        return at(panel, facts + start + c) * value ** 2;
      });
      const goes = scores.filter((_, c) => at(found, place(start + c)) === 1);
      const stays = scores.filter((_, c) => at(found, place(start + c)) === 0);
      expect(goes.length).toBe(prunedOfGroup(length, { n: keep, m: groupSize }));
      expect(goes.length + stays.length).toBe(length);
      const margin = 1e-4 * Math.max(...scores);
      expect(Math.max(0, ...goes)).toBeLessThanOrEqual(Math.min(...stays) + margin);
    }
  }
});

test.each([
  [0, 128],
  [128, 128],
  [64, 77],
  [32, 1],
])('scores from column %i of %i columns', async (first, width) => {
  const { normal, panelOf } = drawn(first + width);
  const K = first + width;
  const [weight, corrected] = [normal(K * STRIDE), normal(width * STRIDE)];
  const blocks = Array.from({ length: Math.ceil(width / SIDE) }, (_, b) =>
    panelOf(first + SIDE * b),
  );
  const joined = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const block of blocks) {
    joined.set(block, end);
    end += block.length;
  }
  using above = uploaded(gpu, corrected);
  using weights = uploaded(gpu, weight);
  using panels = uploaded(gpu, joined);
  using scores = guarded(gpu, 4 * width * STRIDE);
  await gpu.run(
    pruneScores,
    { corrected: above, weight: weights, panels, scores },
    { first, width, stride: STRIDE },
  );
  const found = new Float32Array(await scores.read());
  for (let channel = 0; channel < STRIDE; channel++) {
    const moves: number[] = [];
    for (let i = 0; i < width; i++) {
      const [b, inBlock] = [Math.floor(i / SIDE), i % SIDE];
      const panel = blocks[b] as Float32Array;
      let value = at(corrected, i * STRIDE + channel);
      let size = Math.abs(value);
      moves.forEach((move, j) => {
        const term = move * at(panel, (first + j) * SIDE + inBlock);
        value -= term;
        size += Math.abs(term);
      });
      moves.push(value - at(weight, (first + i) * STRIDE + channel));
      const d = at(panel, (first + SIDE * b + SIDE) * SIDE + inBlock);
      const slack = 2 ** -18 * size;
      const [least, most] = [Math.max(0, Math.abs(value) - slack), Math.abs(value) + slack];
      expect(at(found, i * STRIDE + channel)).toBeGreaterThanOrEqual(0.9999 * d * least ** 2);
      expect(at(found, i * STRIDE + channel)).toBeLessThanOrEqual(1.0001 * d * most ** 2);
    }
  }
});
