/** What a method costs and keeps, as a line of a table. */

/** @import { Cell } from '../../src/state/matrix-hook.ts' */

export const figuresHead = [
  '| method | bytes | metric | KL (95 %) | latency ratio, WASM (95 %) | seconds by phase | notes |',
  '|---|---|---|---|---|---|---|',
].join('\n');

/**
 * @param {string} name
 * @param {Cell} cell
 */
export function figuresLine(
  name,
  { byteLength, accuracy, fidelity, measurements, phases, weights },
) {
  const { klMean = null, klInterval = null } = fidelity ?? {};
  const kl = klMean === null ? '–' : klMean.toPrecision(4);
  const ratio = measurements.find(({ backend }) => backend === 'wasm')?.latency?.ratio ?? null;
  const said = [...truthFaultsOf(measurements), ...notesOf(weights)];
  return [
    '',
    name,
    byteLength.toLocaleString('en'),
    accuracy ? `${accuracy.metric} ${accuracy.value.toFixed(4)}` : '–',
    klInterval ? `${kl} (${range(klInterval)})` : kl,
    ratio ? `${ratio.median.toFixed(3)} (${range(ratio.interval)})` : '–',
    phases.map((it) => `${it.name} ${(it.durationMs / 1000).toFixed(1)}`).join(', '),
    said.join('; '),
    '',
  ]
    .join(' | ')
    .trim();
}

/**
 * Notes that say the same but for their first number become one, with its range.
 * @param {Cell['weights']} weights
 */
function notesOf(weights) {
  /** @type {Map<string, number[]>} */
  const numbers = new Map();
  for (const { note } of weights) {
    if (!note) continue;
    const [number = ''] = note.match(/\d+(\.\d+)?/) ?? [];
    const words = note.replace(number, '#');
    numbers.set(words, [...(numbers.get(words) ?? []), Number(number)]);
  }
  return [...numbers].map(([words, of]) => {
    const [least, most] = [Math.min(...of), Math.max(...of)];
    return `${of.length} × ${words.replace('#', least === most ? `${least}` : `${least}–${most}`)}`;
  });
}

/** @param {{ low: number, high: number }} interval */
function range({ low, high }) {
  return `${low.toPrecision(3)}–${high.toPrecision(3)}`;
}

/** @param {Cell['measurements']} measurements */
const truthFaultsOf = (measurements) =>
  measurements.flatMap(({ backend, failure, truth }) => {
    const said = failure ?? truth?.failure ?? null;
    return said === null ? [] : [`${backend}: ${said}`];
  });
