/** Takes statistics with the runtime on WASM: its threads and vector units are there everywhere. */

import { calibrate, type Wanted } from '../bench/calibrate.ts';
import { FidelityMeter } from '../bench/fidelity.ts';
import { openGramSession } from '../bench/gram-session.ts';
import { createSession } from '../bench/session.ts';
import { assert } from '../core/assert.ts';
import { GRAM, gramModel } from '../formats/onnx/gram-model.ts';
import { withMoreOutputs } from '../formats/onnx/more-outputs.ts';
import type { Calibrator } from './calibration.ts';
import { originalOf } from './original.ts';
import { sessionFilesOf } from './session-files.ts';

export const runtimeCalibrator: Calibrator = {
  async rows(open, signal) {
    const original = originalOf(open);
    const wasOpen = original.isOpen('wasm');
    let unfit: string | null;
    try {
      unfit = await original.fitRows(signal);
    } finally {
      // Nobody else knows of a model that a job put together, so nobody would end its session.
      if (!wasOpen) await original.close('wasm');
    }
    if (unfit !== null) return { reason: unfit };
    const { calibration } = original.dataset;
    return calibration.count === 0 ? { reason: NO_ROWS } : { rows: calibration };
  },

  async pass(open, wanted, { rows, count }, { signal, onRow }) {
    const { graph: main } = open.model;
    const { graph, externalFiles } = originalOf(open).sessionFiles;
    const seen = new Set([...main.inputs, ...main.outputs].map(({ name }) => name));
    const inside = valuesOf(wanted).filter((value) => !seen.has(value));
    const nodes = wanted.flatMap((it) => it.nodes ?? []);
    const extended = withMoreOutputs(graph, inside, nodes);
    const session = await createSession(extended, 'wasm', { externalFiles });
    try {
      const gram = await openGramSession(gramModel(), GRAM);
      try {
        return await calibrate(wanted, {
          ...{ session, rows, count, signal, addGram: gram.add },
          onRow: (done) => onRow(done, count),
        });
      } finally {
        await gram.release();
      }
    } finally {
      await session.release();
    }
  },

  async divergence(open, changed, { rows, count }, { signal, onRow }) {
    const original = originalOf(open);
    const wasOpen = original.isOpen('wasm');
    const { graph, externalFiles } = sessionFilesOf(changed);
    const session = await createSession(graph, 'wasm', { externalFiles });
    try {
      const meter = new FidelityMeter(original.dataset.readout);
      for (let row = 0; row < count; row++) {
        signal.throwIfAborted();
        const feeds = await rows.feeds(row);
        meter.add(await original.truth(rows, row), await session.run(feeds), feeds);
        onRow(row + 1, count);
      }
      const fidelity = meter.result('wasm');
      assert(fidelity, 'a model gives something for a row');
      const { klMean, sqnrDb } = fidelity;
      return original.dataset.readout.answer?.logits
        ? { value: klMean ?? Number.POSITIVE_INFINITY, measure: 'kl' }
        : { value: 10 ** (-sqnrDb / 10), measure: 'error' };
    } finally {
      await session.release();
      if (!wasOpen) await original.close('wasm');
    }
  },
};

const valuesOf = (wanted: readonly Wanted[]): readonly string[] => [
  ...new Set(wanted.flatMap(({ sources }) => sources.map(({ value }) => value))),
];

const NO_ROWS = 'there are no calibration rows';
