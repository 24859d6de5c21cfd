/** Time by operator, from the runtime's profile of several runs. */
import type { Backend } from '../core/backend.ts';
import type { OperatorTime } from '../report/operator-times.ts';
import { median } from '../report/statistics.ts';
import { COPIES, type ProfileEvent } from './profile-events.ts';

interface NodeTimes {
  readonly op: string;
  readonly provider: string;
  /** In the order of the runs, one or more a run. */
  readonly durationsMs: number[];
}

interface Kind {
  readonly op: string;
  readonly onCpu: boolean;
  /** Its time is that of its shaders. */
  readonly onGpu: boolean;
  count: number;
  readonly runsMs: number[];
}

/**
 * Sums the nodes of a kind run by run and takes the median over the last `runs` − `warmUp` runs.
 * In a WebGPU session the time of a node is that of its shaders, which the GPU tells; the runtime's
 * own figure there is only how long it took to ask for them.
 */
export function operatorTimes(
  events: readonly ProfileEvent[],
  backend: Backend,
  { runs, warmUp }: { readonly runs: number; readonly warmUp: number },
): readonly OperatorTime[] {
  const programs = timesByNode(events.filter(({ kind }) => kind === 'program'));
  const nodes = timesByNode(events.filter(({ kind }) => kind === 'node'));
  const kinds = new Map<string, Kind>();
  for (const [name, { op, provider, durationsMs }] of nodes) {
    const isCopy = COPIES.test(op);
    const onCpu = backend === 'webgpu' && provider === 'CPUExecutionProvider' && !isCopy;
    const onGpu = backend === 'webgpu' && !onCpu && !isCopy;
    const measured = onGpu ? programs.get(name)?.durationsMs : durationsMs;
    const key = `${op} ${onCpu}`;
    const kind = kinds.get(key) ?? { op, onCpu, onGpu, count: 0, runsMs: new Array(runs).fill(0) };
    kinds.set(key, kind);
    kind.count++;
    for (const [run, ms] of byRun(measured ?? [], runs).entries()) {
      kind.runsMs[run] = (kind.runsMs[run] ?? 0) + ms;
    }
  }
  return [...kinds.values()]
    .map(({ op, onCpu, onGpu, count, runsMs }): OperatorTime => {
      const timed = !onGpu || programs.size > 0;
      return { op, onCpu, count, durationMs: timed ? median(runsMs.slice(warmUp)) : null };
    })
    .sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0) || a.op.localeCompare(b.op));
}

function timesByNode(events: readonly ProfileEvent[]): ReadonlyMap<string, NodeTimes> {
  const nodes = new Map<string, NodeTimes>();
  for (const { node, op, provider, durationMs } of events) {
    const times = nodes.get(node) ?? { op, provider, durationsMs: [] };
    times.durationsMs.push(durationMs);
    nodes.set(node, times);
  }
  return nodes;
}

/** A node may run several times a run: in a loop, or as several shaders. */
function byRun(durationsMs: readonly number[], runs: number): readonly number[] {
  const each = durationsMs.length / runs;
  return Array.from({ length: runs }, (_, run) =>
    durationsMs
      .slice(Math.round(run * each), Math.round((run + 1) * each))
      .reduce((sum, ms) => sum + ms, 0),
  );
}
