import { classNames } from './class-names.ts';
import { FREE_SIZES } from './free-sizes.ts';
import { plainLatencyInput } from './latency-input.ts';
import type { Context, Dataset } from './opening.ts';
import { NO_ROWS } from './rows.ts';
import { SYNTHETIC_ROWS, syntheticInputs, syntheticRows } from './synthetic.ts';

/**
 * Made-up rows, where no data was dropped or none can be fed. `attempt` counts the sizes that were
 * tried for free dimensions before.
 */
export function openSynthetic(context: Context, attempt = 0): Dataset {
  const { model, seed, unread, needs, config, readout } = context;
  const made = syntheticInputs(model.graph, seed, FREE_SIZES[attempt] ?? FREE_SIZES[0]);
  const possible = typeof made !== 'string';
  const limitation = possible
    ? 'Synthetic inputs: fidelity only, accuracy not measured.'
    : `Nothing is measured: ${made}, so no inputs can be made up. Drop an .npz with one array per input.`;
  const rows = possible ? SYNTHETIC_ROWS : 0;
  const evaluation = possible ? syntheticRows(made, 0, rows) : NO_ROWS;
  return {
    summary: {
      kind: 'synthetic',
      name: 'synthetic inputs',
      evaluationRows: rows,
      calibrationRows: rows,
      labels: classNames(config, context.mapping),
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
    preprocessing: `generated with seed ${seed}${possible ? `, ${made.shape}` : ''}`,
    otherSizes: () => {
      const next = possible ? nextShape(context, made.shape, attempt) : null;
      return next === null ? null : openSynthetic(context, next);
    },
    latencyInput: async (tokens) =>
      possible ? plainLatencyInput(made.feeds(0, tokens), made.sequences) : null,
  };
}

/** The next sizes that give inputs of another shape; null if there are none. */
function nextShape({ model, seed }: Context, shape: string, attempt: number): number | null {
  for (let next = attempt + 1; next < FREE_SIZES.length; next++) {
    const made = syntheticInputs(model.graph, seed, FREE_SIZES[next] ?? FREE_SIZES[0]);
    if (typeof made !== 'string' && made.shape !== shape) return next;
  }
  return null;
}
