/**
 * Runs as one table (RFC 4180, UTF-8, CRLF), for spreadsheets and data frames. The first four
 * columns are the table that people already keep by hand. Sizes in bytes, times in milliseconds,
 * shares from 0 to 1. What was not measured is an empty cell.
 */
import { BACKENDS, type Backend } from '../core/backend.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { measurementOn, targetBackend } from './backend-of-run.ts';
import { backendLabel } from './format.ts';
import { METRICS, type Metric } from './metric.ts';
import { metricInfo, scoreOf } from './metrics.ts';
import { pairedTimeOf } from './paired-time.ts';
import type { BackendMeasurement, OutputFile, RunReport, Score } from './report.ts';

type Cell = string | number | boolean | null | undefined;

interface Column {
  readonly head: string;
  /** `backend`: where the run's average time is taken; null if no run says. */
  readonly cell: (run: RunReport, backend: Backend | null) => Cell;
}

/** Under "Accuracy": right rows, or right next tokens of a language model. */
const SHARES_RIGHT: readonly Metric[] = ['accuracy', 'next-token-top1'];

const COLUMNS: readonly Column[] = [
  { head: 'Method Name', cell: (run) => run.name },
  { head: 'Model Size', cell: (run) => run.output.byteLength },
  {
    head: 'Average Inference Time',
    cell: (run, backend) => backend && measurementOn(run, backend)?.latency?.meanMs,
  },
  { head: 'Accuracy', cell: (run) => shareRight(run)?.value },
  { head: 'Time Backend', cell: (_run, backend) => backend },
  { head: 'Accuracy Low', cell: (run) => shareRight(run)?.interval?.low },
  { head: 'Accuracy High', cell: (run) => shareRight(run)?.interval?.high },
  { head: 'Correct Rows', cell: (run) => run.accuracy?.correct },
  { head: 'Scored Rows', cell: (run) => run.accuracy?.rows },
  { head: 'Accuracy Backend', cell: (run) => run.accuracy?.backend },
  { head: 'Accuracy Difference', cell: (run) => shareRight(run)?.difference?.value },
  { head: 'Difference Low', cell: (run) => shareRight(run)?.difference?.interval?.low },
  { head: 'Difference High', cell: (run) => shareRight(run)?.difference?.interval?.high },
  ...METRICS.filter((metric) => !SHARES_RIGHT.includes(metric)).flatMap(metricColumns),
  { head: 'Gzip Size', cell: (run) => run.output.gzipByteLength },
  ...BACKENDS.flatMap(backendColumns),
  { head: 'Fidelity Backend', cell: (run) => run.fidelity?.backend },
  { head: 'Fidelity Rows', cell: (run) => run.fidelity?.rows },
  { head: 'Cosine', cell: (run) => run.fidelity?.cosine },
  { head: 'SQNR (dB)', cell: (run) => run.fidelity?.sqnrDb },
  { head: 'KL Mean', cell: (run) => run.fidelity?.klMean },
  { head: 'KL Low', cell: (run) => run.fidelity?.klInterval?.low },
  { head: 'KL High', cell: (run) => run.fidelity?.klInterval?.high },
  { head: 'Same Answers', cell: (run) => run.fidelity?.top1Agreement },
  { head: 'Pair Similarity Spearman', cell: (run) => run.fidelity?.pairSpearman },
  { head: 'Target', cell: (run) => run.recipe?.target },
  { head: 'Recipe', cell: (run) => run.recipe && compact(recipeToJson(run.recipe)) },
  { head: 'SHA-256', cell: (run) => hashes(run.output.files) },
  { head: 'Model', cell: (run) => run.model.name },
  { head: 'Model SHA-256', cell: (run) => run.model.sha256 },
  { head: 'Parameters', cell: (run) => run.model.parameterCount },
  { head: 'Data Set', cell: (run) => run.dataset?.name },
  { head: 'Data Kind', cell: (run) => run.dataset?.kind },
  { head: 'Data Rows', cell: (run) => run.dataset?.rows },
  { head: 'Batch', cell: (run) => run.dataset?.batch },
  { head: 'Preprocessing', cell: (run) => run.dataset?.preprocessing },
  { head: 'Output', cell: (run) => run.dataset?.output },
  { head: 'Compressed On', cell: (run) => run.compressedOn?.device },
  { head: 'Compressed On Software Adapter', cell: (run) => run.compressedOn?.software },
  { head: 'Partial', cell: (run) => run.partial },
  { head: 'Started At', cell: (run) => run.startedAt },
  { head: 'Warnings', cell: (run) => run.warnings.join('\n') || null },
];

const shareRight = ({ accuracy }: RunReport): Score | null =>
  scoreOf(accuracy, 'accuracy') ?? scoreOf(accuracy, 'next-token-top1');

function metricColumns(metric: Metric): readonly Column[] {
  const { label } = metricInfo(metric);
  const column = (head: string, pick: (score: Score) => Cell): Column => ({
    head: `${label}${head}`,
    cell: ({ accuracy }) => {
      const score = scoreOf(accuracy, metric);
      return score && pick(score);
    },
  });
  return [
    column('', ({ value }) => value),
    column(' Low', ({ interval }) => interval?.low),
    column(' High', ({ interval }) => interval?.high),
    column(' Difference', ({ difference }) => difference?.value),
    column(' Difference Low', ({ difference }) => difference?.interval?.low),
    column(' Difference High', ({ difference }) => difference?.interval?.high),
  ];
}

function backendColumns(backend: Backend): readonly Column[] {
  const column = (head: string, pick: (on: BackendMeasurement) => Cell): Column => ({
    head: `${backendLabel(backend)} ${head}`,
    cell: (run) => {
      const measurement = measurementOn(run, backend);
      return measurement && pick(measurement);
    },
  });
  return [
    column('p50 (ms)', ({ latency }) => latency?.p50Ms),
    column('p95 (ms)', ({ latency }) => latency?.p95Ms),
    column('Mean (ms)', ({ latency }) => latency?.meanMs),
    column('Time Ratio', ({ latency }) => latency && pairedTimeOf(latency)?.ratio),
    column('Time Ratio Low', ({ latency }) => latency && pairedTimeOf(latency)?.interval.low),
    column('Time Ratio High', ({ latency }) => latency && pairedTimeOf(latency)?.interval.high),
    column('Original p50 Beside It (ms)', ({ latency }) => latency?.ratio?.originalP50Ms),
    column('Original Interquartile Range Beside It (ms)', ({ latency }) => latency?.originalIqrMs),
    column('Repetitions', ({ latency }) => latency?.repetitions),
    column('Input', ({ latency }) => latency?.input),
    column('Threads', ({ latency }) => latency?.threads),
    column('Session (ms)', ({ sessionMs }) => sessionMs),
    column('Truth Check', ({ truth }) => truth?.verdict),
    column('Truth Check Rows', ({ truth }) => truth?.rows),
    column('Truth Check Cosine', ({ truth }) => truth?.cosine),
    column('Truth Check Same Answers', ({ truth }) => truth?.sameAnswers),
    column('Truth Check Answers', ({ truth }) => truth && (truth.answers ?? truth.rows)),
    column('Truth Check Failure', ({ truth }) => truth?.failure),
    column('Operators on CPU', ({ placement }) => placement?.onCpu),
    column('Operators', ({ placement }) => placement?.total),
    column('Device', ({ device }) => device),
    column('Software Adapter', ({ software }) => software),
    column('Failure', ({ failure }) => failure),
    column('Not Tried', ({ skipped }) => skipped),
    column('Not Timed', ({ untimed }) => untimed),
  ];
}

/** One row a run, in the order given. */
export function reportsToCsv(reports: readonly RunReport[]): string {
  const heads = COLUMNS.map(({ head }) => head);
  const rows = reports.map((run) => {
    const backend = timeBackend(run, reports);
    return COLUMNS.map(({ cell }) => cell(run, backend));
  });
  return [heads, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/**
 * A run's time is taken on its target, or where it was timed if a software adapter stands there; a
 * baseline's where the runs beside it have theirs, so that the column compares.
 */
function timeBackend(run: RunReport, reports: readonly RunReport[]): Backend | null {
  const own = targetBackend(run);
  const measured = run.measurements.find(({ latency }) => latency !== null)?.backend ?? null;
  if (own) return (measurementOn(run, own)?.untimed && measured) || own;
  const beside = reports.find((other) => other.recipe && other.model.sha256 === run.model.sha256);
  return (beside && timeBackend(beside, reports)) ?? run.accuracy?.backend ?? measured;
}

function field(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return numberField(cell);
  return quote(typeof cell === 'string' ? disarm(cell) : String(cell));
}

/** Non-finite figures in the spelling that data frames read. */
function numberField(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/**
 * Spreadsheets run text that begins like a formula; an apostrophe before it makes it text.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const disarm = (text: string): string =>
  /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;

const quote = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const compact = (json: string): string => JSON.stringify(JSON.parse(json));

const hashes = (files: readonly OutputFile[]): string =>
  files.length === 1 && files[0]
    ? files[0].sha256
    : files.map(({ path, sha256 }) => `${sha256} ${path}`).join('\n');
