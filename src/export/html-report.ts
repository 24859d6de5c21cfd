/**
 * All runs of a model as one HTML file that needs nothing else: no script, no network, no font.
 * Names in it come from files of any origin; its own policy lets nothing of them act.
 */
import { TARGETS } from '../catalog/targets.ts';
import { compactJson } from '../core/compact-json.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { AXES, axisOf } from '../report/chart/axes.ts';
import { formatBytes, formatCount, formatExactBytes } from '../report/format.ts';
import { metricOf } from '../report/metrics.ts';
import type { RunReport } from '../report/report.ts';
import { sparsityNote } from '../report/sparsity-note.ts';
import { type VerdictPart, verdict } from '../report/verdict.ts';
import { chartSvg } from './chart-svg.ts';
import { html, type Markup } from './html.ts';
import { REPORT_STYLE, REPORT_STYLE_HASH } from './report-style.ts';
import { backendsTable, filesTable, phasesList, runsTable, weightsTable } from './report-tables.ts';

const POLICY = `default-src 'none'; style-src 'sha256-${REPORT_STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

export interface ReportOptions {
  /** What the model is called: "sentiment-minilm". */
  readonly title: string;
  readonly madeAt: Date;
}

/** - `runs` — of one model, the baseline first */
export function htmlReport(runs: readonly RunReport[], { title, madeAt }: ReportOptions): string {
  const [baseline] = runs;
  if (!baseline) return '';
  const style: Markup = { markup: `<style>${REPORT_STYLE}</style>` };
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}: Whittle report</title>
${style}
</head>
<body>
<header><h1>${title}</h1>${model(baseline)}</header>
<main>
<h2>Runs</h2>
${runsTable(runs)}
<h2>Trade-off</h2>
${tradeOff(runs)}
${runs.map((run) => section(run, baseline))}
</main>
<footer>Made by Whittle on ${madeAt.toISOString().slice(0, 10)}. Every figure was measured on the exact bytes that are named by their SHA-256, on the device that stands beside it; what was not measured says so.</footer>
</body>
</html>
`;
  return document.markup;
}

function model({ model: { name, sha256, byteLength, parameterCount } }: RunReport): Markup {
  return html`<p class="lead">${name}, ${formatBytes(byteLength)} (${formatExactBytes(byteLength)}), ${formatCount(parameterCount)} parameters</p>
<p class="lead">SHA-256 over its list of files <code>${sha256}</code></p>`;
}

function tradeOff(runs: readonly RunReport[]): Markup {
  const metric = metricOf(runs);
  const y = metric ? axisOf('accuracy', metric) : AXES.cosine;
  const chart = chartSvg(runs, AXES.size, y);
  const lacking = runs.filter((run) => y.value(run) === null).length;
  const note =
    lacking > 0
      ? ` ${formatCount(lacking)} ${lacking === 1 ? 'run' : 'runs'} without ${y.noun}.`
      : '';
  return chart
    ? html`<figure>${chart}</figure><p class="lead">Filled: on the Pareto front. Bars: 95 % interval of the difference from the original, on the same rows.${note}</p>`
    : html`<p class="nm">No run has ${y.noun} yet.</p>`;
}

function section(run: RunReport, baseline: RunReport): Markup {
  const { recipe, warnings, weights, phases } = run;
  const note = run === baseline ? null : sparsityNote(run, baseline);
  return html`<section><h2>${run.name}</h2>
<p class="sentence">${verdict(run, baseline).map(sentencePart)}${note === null ? null : ` ${note}`}</p>
${warnings.map((warning) => html`<p class="warn">${warning}</p>`)}
<h3>Backends</h3>${backendsTable(run)}
<h3>Measured with</h3>${measuredWith(run)}
<h3>Files</h3>${filesTable(run)}
${recipe ? html`<h3>Recipe for ${TARGETS[recipe.target].label}, seed ${recipe.seed}</h3><pre tabindex="0">${compactJson(JSON.parse(recipeToJson(recipe)), 100)}</pre>` : null}
${phases.length > 0 ? html`<details><summary>Time by phase</summary>${phasesList(run)}</details>` : null}
${weights.length > 0 ? html`<details><summary>${formatCount(weights.length)} weights</summary>${weightsTable(weights)}</details>` : null}
</section>`;
}

const sentencePart = ({ text, strong, tone }: VerdictPart): Markup => {
  if (!strong) return html`${text}`;
  return tone ? html`<b class="${tone}">${text}</b>` : html`<b>${text}</b>`;
};

function measuredWith({ dataset, compressedOn, versions, startedAt }: RunReport): Markup {
  const facts: (readonly [string, string])[] = [
    ['Date', startedAt],
    ...(dataset
      ? ([
          ['Data', dataset.kind === 'synthetic' ? 'synthetic inputs: fidelity only' : dataset.name],
          ['Rows', `${formatCount(dataset.rows)}, batch ${dataset.batch}`],
          ...(dataset.preprocessing ? [['Preprocessing', dataset.preprocessing] as const] : []),
        ] as const)
      : []),
    ...(compressedOn
      ? [
          [
            'Made on',
            `${compressedOn.device}${compressedOn.software ? ', software adapter' : ''}`,
          ] as const,
        ]
      : []),
    ...Object.entries(versions),
  ];
  return html`<dl>${facts.map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl>`;
}
