import { expect, test } from 'vitest';
import { BACKENDS } from '../core/backend.ts';
import { operatorTimes } from './operator-times.ts';
import { profiledRuns } from './profiled-runs.ts';
import { matMulModel, tinyOnnx } from './testing/tiny-onnx.ts';

const weights = Array.from({ length: 64 }, (_, index) => (index % 7) - 3);
const model = tinyOnnx(matMulModel(weights, [16, 4]));
const feeds = {
  x: { dtype: 'float32' as const, dims: [1, 16], data: new Float32Array(16).fill(1) },
};

test.each(BACKENDS)(
  'every operator of a run on %s is there, with the time it took',
  async (backend) => {
    const runs = 4;
    const events = await profiledRuns(model, backend, async (once) => {
      for (let run = 0; run < runs; run++) await once(feeds);
    });
    const operators = operatorTimes(events, backend, { runs, warmUp: 1 });
    const matMul = operators.find(({ op }) => /MatMul|Gemm/.test(op));
    expect(matMul).toMatchObject({ count: 1, onCpu: false });
    // A software adapter has timestamps, too.
    expect(matMul?.durationMs).toBeGreaterThan(0);
  },
);
