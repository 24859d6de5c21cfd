import { TARGETS } from '../../catalog/targets.ts';
import { disagreement } from '../../report/disagreement.ts';
import { formatMetricDifference, isWorse, metricInfo } from '../../report/metrics.ts';
import { pairedTimeOf } from '../../report/paired-time.ts';
import type { Accuracy } from '../../report/report.ts';
import type { Run } from '../../state/run.ts';

export interface ShortVerdict {
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly text: string;
}

/** The few words under a run's name: what it is good for on its target. */
export function shortVerdict(run: Run, baseline: Run): ShortVerdict {
  if (!run.recipe) return { tone: 'plain', text: 'original file' };
  const { backend, label } = TARGETS[run.recipe.target];
  const wrong = run.measurements.filter(({ truth }) => truth?.verdict === 'fails');
  const words = disagreement(run.measurements, backend);
  if (words !== null) {
    if (wrong.some((it) => it.backend === backend)) return { tone: 'bad', text: words };
    const rest = run.measurements.filter((it) => !wrong.includes(it));
    const own = shortVerdict({ ...run, measurements: rest }, baseline);
    return { tone: 'bad', text: `${words}; ${own.text}` };
  }
  const own = run.measurements.find((it) => it.backend === backend);
  if (own?.failure) return { tone: 'bad', text: `${label}: failed` };
  if (run.measurements.length === 0) return { tone: 'plain', text: `${label}: not measured` };
  if (own?.skipped) return { tone: 'plain', text: `not measured: ${own.skipped}` };
  if (run.accuracy && isWorse(run.accuracy)) {
    return { tone: 'bad', text: `${label}: ${lossWords(run.accuracy)}` };
  }
  const smaller = run.output.byteLength < baseline.output.byteLength ? 'smaller' : 'not smaller';
  const time = own?.latency && pairedTimeOf(own.latency);
  if (!time) return { tone: 'plain', text: `${label}: ${smaller}` };
  if (time.interval.low > 1) return { tone: 'warn', text: `${label}: ${smaller}, slower` };
  const speed = time.interval.high < 1 ? 'faster' : 'as fast';
  return { tone: smaller === 'smaller' ? 'good' : 'bad', text: `${label}: ${smaller}, ${speed}` };
}

/** "loses 4.1 pt", "perplexity +0.41". */
function lossWords({ metric, difference }: Accuracy): string {
  const { noun, unit } = metricInfo(metric);
  const change = difference?.value ?? 0;
  return unit === '%'
    ? `loses ${formatMetricDifference(metric, -change).replace('+', '')}`
    : `${noun} ${formatMetricDifference(metric, change)}`;
}
