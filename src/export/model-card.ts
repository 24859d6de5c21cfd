/** A section for a model card: what each file weighs, costs and gives, and how that is known. */
import { TARGETS } from '../catalog/targets.ts';
import { BACKENDS } from '../core/backend.ts';
import { compactJson } from '../core/compact-json.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { measurementOn } from '../report/backend-of-run.ts';
import {
  backendLabel,
  formatBytes,
  formatCount,
  formatKl,
  formatPercent,
  formatSizeRatio,
} from '../report/format.ts';
import type { Metric } from '../report/metric.ts';
import {
  formatMetric,
  formatMetricDifference,
  metricInfo,
  metricInterval,
  metricOf,
} from '../report/metrics.ts';
import { pairedTimeOf, pairWords, speedWords } from '../report/paired-time.ts';
import { partWords } from '../report/partly-scored.ts';
import type { RunReport } from '../report/report.ts';
import { verdict, verdictText } from '../report/verdict.ts';
import { fenced, escapeMarkdown as md, table } from './markdown.ts';

const NONE = 'not measured';

/**
 * - `runs` — of one model, the baseline first
 * - `paths` — of a run's file where it lies in a repository, by run id; else its name is shown
 */
export function modelCardSection(
  runs: readonly RunReport[],
  paths: ReadonlyMap<string, string> = new Map(),
): string {
  const [baseline, ...others] = runs;
  if (!baseline) return '';
  const metric = metricOf(runs);
  return [
    '## Compressed variants\n',
    `Made with Whittle from \`${code(baseline.model.name)}\` (${formatBytes(baseline.model.byteLength)}, ${formatCount(baseline.model.parameterCount)} parameters).\n`,
    runsTable(runs, baseline, metric, paths),
    ...others.map((run) => `- **${md(run.name)}**: ${md(verdictText(verdict(run, baseline)))}`),
    '\n### How they were made\n',
    ...others.flatMap((run) => recipeOf(run)),
    '### How they were measured\n',
    measured(runs),
    hashes(runs, paths),
  ].join('\n');
}

/** Between backticks, where nothing is escaped. */
const code = (text: string): string => text.replace(/[`\p{Cc}]/gu, '');

function runsTable(
  runs: readonly RunReport[],
  baseline: RunReport,
  metric: Metric | null,
  paths: ReadonlyMap<string, string>,
): string {
  const timed = BACKENDS.filter((backend) =>
    runs.some((run) => measurementOn(run, backend)?.latency),
  );
  const head = [
    'Variant',
    'Size',
    'Against fp32',
    ...timed.map((backend) => `${backendLabel(backend)} speed, p50`),
    ...(metric ? [metricInfo(metric).label, 'Difference'] : []),
    'Same answers',
    'KL, mean',
  ];
  const rows = runs.map((run) => [
    nameOf(run, paths),
    formatBytes(run.output.byteLength),
    run === baseline ? '–' : formatSizeRatio(baseline.output.byteLength, run.output.byteLength),
    ...timed.map((backend) => {
      const measurement = measurementOn(run, backend);
      if (measurement?.failure) return 'failed';
      const latency = measurement?.latency;
      if (!latency) return measurement?.untimed ? `not timed (${measurement.untimed})` : NONE;
      return `${speedWords(pairedTimeOf(latency))} (${pairWords(latency)})`;
    }),
    ...(metric ? scores(run, metric) : []),
    ...fidelityOf(run),
  ]);
  return table(head, rows);
}

function nameOf(run: RunReport, paths: ReadonlyMap<string, string>): string {
  const path = paths.get(run.id);
  return path === undefined ? md(run.name) : `${md(run.name)} (\`${code(path)}\`)`;
}

function scores(run: RunReport, metric: Metric): readonly string[] {
  const { accuracy, kind } = run;
  if (accuracy?.metric !== metric) return [NONE, kind === 'baseline' ? '–' : NONE];
  const { value, interval, difference } = accuracy;
  const part = partWords(run);
  const own = [
    formatMetric(metric, value),
    metricInterval(metric, value, interval),
    part === null ? '' : `(${part})`,
  ]
    .filter(Boolean)
    .join(' ');
  if (!difference) return [own, '–'];
  const change = formatMetricDifference(metric, difference.value);
  return [
    own,
    `${change} ${metricInterval(metric, difference.value, difference.interval, true)}`.trim(),
  ];
}

function fidelityOf({ fidelity, kind }: RunReport): readonly string[] {
  if (!fidelity) return kind === 'baseline' ? ['–', '–'] : [NONE, NONE];
  const { top1Agreement, klMean } = fidelity;
  return [
    top1Agreement === null ? NONE : formatPercent(top1Agreement),
    klMean === null ? NONE : formatKl(klMean),
  ];
}

function recipeOf({ name, recipe }: RunReport): readonly string[] {
  if (!recipe) return [];
  const json = compactJson(JSON.parse(recipeToJson(recipe)), 96);
  return [`**${md(name)}**, for ${TARGETS[recipe.target].label}:\n`, fenced(json, 'json')];
}

function measured(runs: readonly RunReport[]): string {
  const [run] = runs.filter(({ measurements }) => measurements.length > 0).slice(-1);
  if (!run) return 'Nothing was measured.\n';
  const { dataset, measurements, versions } = run;
  const lines = [
    ...(dataset
      ? [
          dataset.kind === 'synthetic'
            ? 'Synthetic inputs: fidelity only, accuracy not measured.'
            : `${formatCount(dataset.rows)} rows of ${md(dataset.name)}, batch ${dataset.batch}${dataset.preprocessing ? `, ${md(dataset.preprocessing)}` : ''}.`,
        ]
      : []),
    ...measurements.map(({ backend, device, software, latency }) => {
      const timing = latency
        ? `: ${md(latency.input)}, ${latency.repetitions} runs after ${latency.warmUp} warm-ups, interleaved with the original`
        : '';
      return `${backendLabel(backend)} on ${md(device)}${software ? ' (software adapter: says nothing about GPUs)' : ''}${timing}.`;
    }),
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${md(name)} ${md(version)}`)
      .join(', ')}.`,
    'Intervals are 95 %; a factor of speed is that of the medians beside it; a difference is paired on the same rows, and one that holds 0 is within noise.',
  ];
  return `${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

function hashes(runs: readonly RunReport[], paths: ReadonlyMap<string, string>): string {
  const rows = runs.flatMap((run) =>
    run.output.files.map(({ path, byteLength, sha256 }) => [
      md(run.name),
      `\`${code(paths.get(run.id) ?? path)}\``,
      `${formatCount(byteLength)}`,
      `\`${sha256}\``,
    ]),
  );
  return rows.length === 0 ? '' : table(['Variant', 'File', 'Bytes', 'SHA-256'], rows, 2);
}
