/** The tables of the HTML report: figures as the screen words them, exact ones in `data-value`. */
import { TARGETS } from '../catalog/targets.ts';
import { BACKENDS, type Backend } from '../core/backend.ts';
import { measurementOn, targetBackend } from '../report/backend-of-run.ts';
import { disagreement } from '../report/disagreement.ts';
import { DISTURBED, isDisturbed } from '../report/disturbed-time.ts';
import {
  backendLabel,
  formatBytes,
  formatCosine,
  formatCount,
  formatDb,
  formatDims,
  formatExactBytes,
  formatKl,
  formatMb,
  formatMs,
  formatMsValue,
  formatNumber,
  formatSizeRatio,
} from '../report/format.ts';
import type { Metric } from '../report/metric.ts';
import {
  formatMetricDifference,
  metricFigure,
  metricInfo,
  metricInterval,
  metricOf,
} from '../report/metrics.ts';
import { pairedTimeOf, pairMs, speedWords } from '../report/paired-time.ts';
import { partWords } from '../report/partly-scored.ts';
import type { RunReport, WeightRow } from '../report/report.ts';
import { html, type Markup } from './html.ts';

/** More rows of weights than this would make a document that no browser scrolls well. */
const MOST_WEIGHTS = 1000;

const NOT_MEASURED = html`<td class="num nm">not measured</td>`;
const NONE = html`<td class="num nm">–</td>`;

/** A row per run, the baseline first. */
export function runsTable(runs: readonly RunReport[]): Markup {
  const [baseline] = runs;
  if (!baseline) return html``;
  const metric = metricOf(runs) ?? 'accuracy';
  const { label, unit } = metricInfo(metric);
  return html`<div class="scroll"><table>
<thead><tr><th>Run</th><th class="num">Size, MB</th><th class="num">gzip, MB</th>${BACKENDS.map(
    (backend) =>
      html`<th class="num">${backendLabel(backend)} speed<small>p50 of the original’s in the same pairs</small></th>`,
  )}<th class="num">${unit ? `${label}, ${unit}` : label}</th><th class="num">vs baseline</th><th class="num">Same answers, %</th><th class="num">KL, mean</th></tr></thead>
<tbody>${runs.map((run) => runRow(run, baseline, metric))}</tbody></table></div>`;
}

function runRow(run: RunReport, baseline: RunReport, metric: Metric): Markup {
  const { output, recipe } = run;
  const wrong = disagreement(run.measurements, targetBackend(run));
  const target = recipe ? `for ${TARGETS[recipe.target].label}` : 'the original';
  return html`<tr><th scope="row">${run.name}<small>${target}${run.partial ? ', partial' : ''}</small>${wrong === null ? null : html`<small class="bad">${wrong}</small>`}</th>
<td class="num" data-value="${output.byteLength}">${formatMb(output.byteLength)}<small>${run === baseline ? '' : formatSizeRatio(baseline.output.byteLength, output.byteLength)}</small></td>
${output.gzipByteLength === null ? NOT_MEASURED : html`<td class="num" data-value="${output.gzipByteLength}">${formatMb(output.gzipByteLength)}</td>`}
${BACKENDS.map((backend) => latencyCell(run, baseline, backend))}${scoreCells(run, metric)}${fidelityCells(run)}</tr>`;
}

function latencyCell(run: RunReport, baseline: RunReport, backend: Backend): Markup {
  const measured = measurementOn(run, backend);
  if (measured?.failure)
    return html`<td class="num bad">failed<small>${measured.failure}</small></td>`;
  const latency = measured?.latency;
  if (!latency && measured?.untimed)
    return html`<td class="num nm">not timed<small>${measured.untimed}</small></td>`;
  if (!latency) return NOT_MEASURED;
  const note = `${pairMs(latency)}${measured.software ? ', software adapter' : ''}`;
  const disturbed = isDisturbed(run, baseline, backend);
  return html`<td class="num" data-value="${latency.p50Ms}">${speedWords(pairedTimeOf(latency))}<small>${note}</small>${disturbed ? html`<small class="warn">${DISTURBED}</small>` : null}</td>`;
}

function scoreCells(run: RunReport, metric: Metric): Markup {
  const { accuracy, kind } = run;
  if (accuracy?.metric !== metric)
    return html`${NOT_MEASURED}${kind === 'baseline' ? NONE : NOT_MEASURED}`;
  const { value, interval, difference, rows } = accuracy;
  const own = html`<td class="num" data-value="${value}">${metricFigure(metric, value)} ${metricInterval(metric, value, interval)}<small>${partWords(run) ?? `${formatCount(rows)} ${metric === 'perplexity' ? 'windows' : 'rows'}`}</small></td>`;
  if (!difference) return html`${own}${NONE}`;
  const change = formatMetricDifference(metric, difference.value);
  return html`${own}<td class="num" data-value="${difference.value}">${change}<small>${metricInterval(metric, difference.value, difference.interval, true)}</small></td>`;
}

function fidelityCells({ fidelity, kind }: RunReport): Markup {
  if (!fidelity)
    return kind === 'baseline' ? html`${NONE}${NONE}` : html`${NOT_MEASURED}${NOT_MEASURED}`;
  const { top1Agreement: same, klMean } = fidelity;
  return html`${same === null ? NOT_MEASURED : html`<td class="num" data-value="${same}">${formatNumber(same * 100, 1)}</td>`}${klMean === null ? NOT_MEASURED : html`<td class="num" data-value="${klMean}">${formatKl(klMean)}</td>`}`;
}

const VERDICTS = {
  agrees: html`<td class="good">Agrees</td>`,
  'agrees-slow': html`<td class="warn">Agrees, slow</td>`,
  fails: html`<td class="bad">Fails</td>`,
  differs: html`<td class="bad">Differs</td>`,
} as const;

/** What each backend was and gave. */
export function backendsTable({ measurements }: RunReport): Markup {
  if (measurements.length === 0) return html`<p class="nm">Not measured on any backend.</p>`;
  return html`<div class="scroll"><table><thead><tr><th>Backend</th><th>Device</th><th class="num">p50, ms</th><th class="num">original’s in the same pairs, ms</th><th class="num">p95, ms</th><th class="num">mean, ms</th><th class="num">Session, ms</th><th class="num">Operators on CPU</th><th class="num">Cosine</th><th>Truth check</th></tr></thead><tbody>
${measurements.map((it) => {
  const { latency, placement, truth } = it;
  const reason = it.failure ?? it.skipped ?? truth?.failure ?? null;
  return html`<tr><th scope="row">${backendLabel(it.backend)}</th><td>${it.device}${it.software ? html`<small>software adapter: says nothing about GPUs</small>` : null}${latency ? html`<small>${latency.input}, ${latency.repetitions} runs after ${latency.warmUp} warm-ups</small>` : null}</td>
${[latency?.p50Ms, latency?.ratio?.originalP50Ms, latency?.p95Ms, latency?.meanMs, it.sessionMs ?? undefined].map((ms) => (ms === undefined ? NOT_MEASURED : html`<td class="num" data-value="${ms}">${formatMsValue(ms)}</td>`))}
<td class="num">${placement ? (it.backend === 'wasm' ? 'all' : `${placement.onCpu} of ${placement.total}`) : '–'}</td>
${truth ? html`<td class="num" data-value="${truth.cosine}">${formatCosine(truth.cosine)}</td>${VERDICTS[truth.differsFrom === undefined ? truth.verdict : 'differs']}` : html`${NONE}<td class="nm">–</td>`}</tr>${reason === null ? null : html`<tr><td colspan="10" class="bad">${reason}</td></tr>`}`;
})}</tbody></table></div>`;
}

/** One row per weight; the most that a page takes, with the count of the rest. */
export function weightsTable(weights: readonly WeightRow[]): Markup {
  const rest = weights.length - MOST_WEIGHTS;
  return html`<div class="scroll"><table><thead><tr><th>Weight</th><th>Operator</th><th class="num">Shape</th><th>Encoding</th><th class="num">Bits</th><th class="num">Before, B</th><th class="num">After, B</th><th class="num">SQNR</th></tr></thead><tbody>
${weights
  .slice(0, MOST_WEIGHTS)
  .map(
    (it) =>
      html`<tr><th scope="row">${it.label}${it.reason === null ? null : html`<small class="${it.failed ? 'bad' : 'nm'}">${it.reason}</small>`}</th><td>${it.op}</td><td class="num">${formatDims(it.dims)}</td><td>${it.encoding}</td><td class="num" data-value="${it.bitsPerWeight}">${formatNumber(it.bitsPerWeight, 2)}</td><td class="num">${formatCount(it.bytesBefore)}</td><td class="num">${formatCount(it.bytesAfter)}</td>${it.sqnrDb === null ? NONE : html`<td class="num" data-value="${it.sqnrDb}">${formatDb(it.sqnrDb)}</td>`}</tr>`,
  )}</tbody></table></div>${rest > 0 ? html`<p class="nm">${formatCount(rest)} more are in the JSON report.</p>` : null}`;
}

/** Files with their hashes; the original's where it was hashed. */
export const filesTable = ({ output }: RunReport): Markup =>
  output.files.length === 0
    ? html`<p class="nm">Not hashed.</p>`
    : html`<div class="scroll"><table><thead><tr><th>File</th><th class="num">Size</th><th>SHA-256</th></tr></thead><tbody>${output.files.map(
        ({ path, byteLength, sha256 }) =>
          html`<tr><th scope="row">${path}</th><td class="num" data-value="${byteLength}">${formatBytes(byteLength)}<small>${formatExactBytes(byteLength)}</small></td><td><code>${sha256}</code></td></tr>`,
      )}</tbody></table></div>`;

/** "3.2 s", by phase. */
export const phasesList = ({ phases }: RunReport): Markup =>
  html`<dl>${phases.map(({ name, durationMs }) => html`<dt>${name}</dt><dd>${formatMs(durationMs)}</dd>`)}</dl>`;
