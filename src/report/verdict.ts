/** One sentence per run, in plain words: wrong first, then size, speed, accuracy and answers. */
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { Backend } from '../core/backend.ts';
import { measurementOn, targetBackend } from './backend-of-run.ts';
import { isWrongOn } from './disagreement.ts';
import { DISTURBED, isDisturbed } from './disturbed-time.ts';
import {
  backendLabel,
  formatBytes,
  formatCosine,
  formatCount,
  formatPercent,
  formatSizeRatio,
  withinNoise,
} from './format.ts';
import type { Metric } from './metric.ts';
import {
  formatMetric,
  formatMetricDifference,
  isWorse,
  metricInfo,
  metricInterval,
} from './metrics.ts';
import { oneAnswerPerRow } from './one-answer-per-row.ts';
import { speedClause } from './paired-time.ts';
import { partWords } from './partly-scored.ts';
import type { BackendMeasurement, Interval, RunReport } from './report.ts';

export interface VerdictPart {
  readonly text: string;
  /** The figure that the sentence is about, set in a heavier weight. */
  readonly strong: boolean;
  /** What is worse than the original beyond noise. */
  readonly tone?: 'bad';
}

type Parts = readonly VerdictPart[];

const plain = (text: string): VerdictPart => ({ text, strong: false });
const strong = (text: string): VerdictPart => ({ text, strong: true });
const bad = (text: string): VerdictPart => ({ text, strong: true, tone: 'bad' });

/**
 * The parts make one text when joined; spaces and punctuation are in them.
 * - `baseline` — the run of the original that `run` was measured against
 */
export function verdict(run: RunReport, baseline: RunReport): readonly VerdictPart[] {
  if (run.kind === 'baseline') return original(run);
  const skipped = run.measurements.find((on) => on.skipped)?.skipped;
  const gains = [size(run, baseline), speed(run, baseline)];
  const clauses = skipped
    ? [size(run, baseline), [plain(`not measured: ${skipped}`)]]
    : isLoss(run)
      ? [accuracy(run), ...gains, answers(run)]
      : [...gains, accuracy(run), answers(run)];
  const sentence = clauses.flatMap((clause, index) => (index ? [plain(', '), ...clause] : clause));
  const [here, elsewhere] = wrong(run);
  return [...here, ...sentence, plain('.'), ...elsewhere, ...partial(run), ...advice(run)];
}

/** The verdict as one string, for the status line and the clipboard. */
export const verdictText = (parts: readonly VerdictPart[]): string =>
  parts.map(({ text }) => text).join('');

function original(run: RunReport): Parts {
  const { accuracy: scored } = run;
  const bytes = [plain('The original: '), strong(formatBytes(run.output.byteLength))];
  const skipped = run.measurements.find((on) => on.skipped)?.skipped;
  if (skipped) return [...bytes, plain(`, not measured: ${skipped}.`)];
  if (!scored) return [...bytes, plain(', accuracy not measured.')];
  const { metric, value, rows } = scored;
  return [
    ...bytes,
    plain(', '),
    strong(formatMetric(metric, value)),
    plain(
      `${spaced(nameOf(metric))}${intervalAside(metric, value, scored.interval)} on ${rowsOf(metric, rows)}.`,
    ),
  ];
}

/** After the figure: "84.0 % accuracy", "ppl 32.81". */
const nameOf = (metric: Metric): string => (metric === 'perplexity' ? '' : metricInfo(metric).noun);

const rowsOf = (metric: Metric, rows: number): string =>
  `${formatCount(rows)} ${metric === 'perplexity' ? 'windows' : 'rows'}`;

/** From here on a loss beyond noise is what the run comes to, and stands before what it gains. */
const LOSS = 0.01;
const PERPLEXITY_LOSS = 0.05;

function isLoss({ accuracy: scored }: RunReport): boolean {
  if (!scored?.difference || !isWorse(scored)) return false;
  const { metric, value, difference } = scored;
  return metric === 'perplexity'
    ? difference.value > PERPLEXITY_LOSS * (value - difference.value)
    : Math.abs(difference.value) >= LOSS;
}

/**
 * What makes the file unusable on the target stands before every figure; what it does on a backend
 * that it was not made for, after them.
 */
function wrong(run: RunReport): readonly [here: Parts, elsewhere: Parts] {
  const target = targetBackend(run);
  const own = run.measurements.filter(({ backend }) => target === null || backend === target);
  const others = run.measurements.filter((it) => !own.includes(it));
  return [
    own.flatMap((it) => {
      const parts = wrongOn(it, target, '');
      return parts.length > 0 ? [...parts, plain(' ')] : [];
    }),
    others.flatMap((it) => {
      const parts = wrongOn(it, target, ', which it was not made for');
      return parts.length > 0 ? [plain(' '), ...parts] : [];
    }),
  ];
}

function wrongOn(measurement: BackendMeasurement, target: Backend | null, aside: string): Parts {
  const { backend, truth, failure } = measurement;
  const where = `${backendLabel(backend)}${aside}:`;
  if (truth?.verdict === 'fails') {
    const reason = truth.failure ?? 'outputs disagree with the original';
    const what = isWrongOn(measurement, target) ? 'Wrong' : 'Differs';
    return [bad(`${what} on ${where}`), plain(` ${sentence(reason)}`)];
  }
  return failure === null ? [] : [bad(`Failed on ${where}`), plain(` ${sentence(failure)}`)];
}

function size(run: RunReport, baseline: RunReport): Parts {
  return [strong(formatSizeRatio(baseline.output.byteLength, run.output.byteLength))];
}

function speed(run: RunReport, baseline: RunReport): Parts {
  const backend = targetBackend(run);
  if (!backend) return [plain('latency not measured')];
  const name = backendLabel(backend);
  const measurement = measurementOn(run, backend);
  const speed = measurement?.latency && speedClause(measurement.latency);
  if (measurement?.untimed && !speed) {
    return [plain(`not timed on ${name} (${measurement.untimed})`)];
  }
  if (!measurement || !speed) return [plain(`latency on ${name} not measured`)];
  const asides = [
    ...(measurement.software ? ['software adapter'] : []),
    ...speed.asides,
    ...(isDisturbed(run, baseline, backend) ? [DISTURBED] : []),
  ];
  const aside = asides.length > 0 ? ` (${asides.join(', ')})` : '';
  return [strong(`${speed.words} on ${name}`), plain(aside)];
}

function accuracy(run: RunReport): Parts {
  if (!run.accuracy) {
    const synthetic = run.dataset?.kind === 'synthetic' ? ' (synthetic inputs)' : '';
    return [plain(`accuracy not measured${synthetic}`)];
  }
  const { difference, metric, value } = run.accuracy;
  const name = nameOf(metric);
  if (!difference) {
    return [
      strong(formatMetric(metric, value)),
      plain(`${spaced(name)} (not compared with the original)`),
    ];
  }
  const change = formatMetricDifference(metric, difference.value);
  const aside = intervalAside(metric, difference.value, difference.interval, true);
  const figure = isWorse(run.accuracy) ? bad : strong;
  if (metric === 'perplexity')
    return [
      figure(`${formatMetric(metric, value)} (${change})`),
      plain(`${aside}${partAside(run)}`),
    ];
  return [figure(change), plain(`${spaced(name)}${aside}${partAside(run)}`)];
}

/** What the figure is of, where the original's own is of more rows. */
function partAside(run: RunReport): string {
  const part = partWords(run);
  return part === null ? '' : ` on the ${part} that were scored`;
}

/** Where it is worse, what to try; which step costs it is not measured, and is found by trying. */
function advice({ accuracy: scored, recipe }: RunReport): Parts {
  if (!scored || !recipe || !isWorse(scored)) return [];
  const noun = metricInfo(scored.metric).noun;
  const [step] = recipe.steps;
  const relax =
    recipe.steps.length === 1 && step
      ? `Relax ${TECHNIQUES[step.technique].label}: it is the only step.`
      : `Which of the ${recipe.steps.length} steps costs it is not measured: switch one off, or relax it, and compress again.`;
  return [bad(` Worse ${noun} than the original, beyond noise.`), plain(` ${relax}`)];
}

/** " (95 % CI ±0.9, within noise)"; empty without an interval. */
function intervalAside(
  metric: Metric,
  value: number,
  interval: Interval | null,
  isDifference = false,
): string {
  if (!interval) return '';
  const noise = isDifference && withinNoise(interval) ? ', within noise' : '';
  return ` (95 % CI ${metricInterval(metric, value, interval, isDifference)}${noise})`;
}

const spaced = (name: string): string => (name ? ` ${name}` : '');

function answers(run: RunReport): Parts {
  const { fidelity } = run;
  if (!fidelity) return [plain('fidelity not measured')];
  const rows = formatCount(fidelity.rows);
  if (fidelity.top1Agreement === null) {
    const cosine = formatCosine(fidelity.cosine);
    return [plain('cosine '), strong(cosine), plain(` to the original on ${rows} rows`)];
  }
  const { differingRows, top1Agreement } = fidelity;
  const percent = formatPercent(top1Agreement);
  // "100.0 %" would hide the few that differ.
  if (oneAnswerPerRow(fidelity) && differingRows && percent === formatPercent(1)) {
    const same = formatCount(fidelity.rows - differingRows);
    return [plain('same answers on '), strong(same), plain(` of ${rows} rows`)];
  }
  if (!oneAnswerPerRow(fidelity)) {
    return [plain('same answers at '), strong(percent), plain(` of the positions in ${rows} rows`)];
  }
  return [plain('same answers on '), strong(percent), plain(` of ${rows} rows`)];
}

function partial(run: RunReport): Parts {
  if (!run.partial) return [];
  const failed = run.weights.filter((weight) => weight.failed).length;
  const weights = failed === 1 ? 'weight' : 'weights';
  return [plain(` Partial: ${formatCount(failed)} ${weights} failed and stayed as they were.`)];
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
