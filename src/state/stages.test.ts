import { expect, test } from 'vitest';
import type { StageProgress } from '../bridge/stage-progress.ts';
import { currentStage, withStage } from './stages.ts';
import type { StageRecord } from './state.ts';

const at = (stage: StageProgress['stage'], done: number, elapsedMs: number, step?: number) => ({
  ...{ stage, done, total: 10, current: '', elapsedMs, remainingMs: null },
  ...(step !== undefined && { step }),
});

function told(...messages: readonly (readonly [now: number, progress: StageProgress])[]) {
  let stages: readonly StageRecord[] = [];
  for (const [now, progress] of messages) stages = withStage(stages, 'compress', progress, now);
  return stages;
}

test('stages stand as they began; the one that was told of last is what the job is at', () => {
  const stages = told(
    [0, at('compress', 1, 10, 0)],
    [20, at('calibrate', 10, 5)],
    [40, at('compress', 2, 30, 0)],
  );
  expect(stages.map(({ stage, done }) => [stage, done])).toEqual([
    ['compress', 2],
    ['calibrate', 10],
  ]);
  expect(currentStage(stages)?.stage).toBe('compress');
  const again = withStage(stages, 'compress', at('calibrate', 3, 2), 60);
  expect(currentStage(again)).toMatchObject({ stage: 'calibrate', done: 3 });
  expect(again).toHaveLength(2);
  expect(currentStage([])).toBeUndefined();
});

test('the time until another stage begins is counted to the one before', () => {
  const stages = told([100, at('compress', 9, 50, 0)], [130, at('write', 0, 0)]);
  expect(stages.map(({ elapsedMs }) => elapsedMs)).toEqual([80, 0]);
  const steps = withStage(stages, 'compress', at('compress', 1, 1, 1), 140);
  expect(steps).toHaveLength(3); // another step, another stage
  const later = withStage(stages, 'measure', at('write', 0, 0), 150);
  expect(later).toHaveLength(3); // of another phase
});
