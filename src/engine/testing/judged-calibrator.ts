import { calibrate } from '../../bench/calibrate.ts';
import type { Outputs } from '../../bench/outputs.ts';
import type { Rows } from '../../dataset/rows.ts';
import { withMoreOutputs } from '../../formats/onnx/more-outputs.ts';
import type { Calibrator } from '../calibration.ts';
import { NO_DIVERGENCE } from './no-divergence.ts';

interface JudgedOutput {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Statistics of one batch of rows, as another runtime sees them.
 * - `run` — every output of a model by name, on that batch
 */
export const judgedCalibrator = (
  run: (model: Blob) => Promise<Readonly<Record<string, JudgedOutput>>>,
): Calibrator => ({
  rows: async () => ({ rows: ONE_BATCH }),
  divergence: NO_DIVERGENCE,
  pass: async ({ model }, wanted, { rows, count }, { signal, onRow }) => {
    const { graph, files } = model;
    const own = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
    const values = new Set(wanted.flatMap(({ sources }) => sources.map(({ value }) => value)));
    const inside = [...values].filter((value) => !own.has(value));
    const nodes = wanted.flatMap((it) => it.nodes ?? []);
    const given = await run(withMoreOutputs(files[0]?.blob ?? new Blob(), inside, nodes));
    const outputs: Outputs = Object.fromEntries(
      Object.entries(given).map(([name, { dtype, dims, bytes }]) => [
        name,
        { dtype, dims, data: dtype === 'float32' ? new Float32Array(bytes.buffer) : bytes },
      ]),
    );
    const session = { run: async () => outputs } as unknown as Parameters<
      typeof calibrate
    >[1]['session'];
    const addGram = async (h: Float32Array<ArrayBuffer>) => h;
    return calibrate(wanted, {
      ...{ session, rows, count, addGram, signal },
      onRow: (done) => onRow(done, count),
    });
  },
});

const ONE_BATCH: Rows = {
  count: 1,
  feeds: () => ({}),
  label: () => null,
  tokens: () => null,
  text: () => null,
};
