import { LATENCY_TOKENS, plainLatencyInput } from './latency-input.ts';
import type { Context, Dataset } from './opening.ts';
import { NO_ROWS } from './rows.ts';
import { SYNTHETIC_LENGTH, SYNTHETIC_ROWS, syntheticInputs, syntheticRows } from './synthetic.ts';

/** Made-up rows, where no data was dropped or none can be fed. */
export function openSynthetic(context: Context): Dataset {
  const { model, seed, unread, needs, config, readout } = context;
  const made = syntheticInputs(model.graph, seed);
  const possible = typeof made !== 'string';
  const limitation = possible
    ? 'Synthetic inputs: fidelity only, accuracy not measured.'
    : `Nothing is measured: ${made}, so no inputs can be made up. Drop an .npz with one array per input.`;
  const rows = possible ? SYNTHETIC_ROWS : 0;
  const length = possible && made.sequences ? `, ${SYNTHETIC_LENGTH} tokens` : '';
  const evaluation = possible ? syntheticRows(made, 0, rows) : NO_ROWS;
  return {
    summary: {
      kind: 'synthetic',
      name: 'synthetic inputs',
      evaluationRows: rows,
      calibrationRows: rows,
      labels: config.labels,
      metric: null,
      needsMapping: needs,
      limitation,
      unread,
    },
    task: null,
    readout,
    evaluation,
    briefRows: evaluation,
    calibration: possible ? syntheticRows(made, rows, rows) : NO_ROWS,
    preprocessing: `generated with seed ${seed}${length}`,
    latencyInput: async (tokens = LATENCY_TOKENS) =>
      possible ? plainLatencyInput(made.feeds(0, tokens), made.sequences) : null,
  };
}
