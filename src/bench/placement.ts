/** Where the runtime put each operator, read from its own profile of one run. */
import type { Backend } from '../core/backend.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { Placement } from '../report/report.ts';
import { COPIES } from './profile-events.ts';
import { profiledRuns } from './profiled-runs.ts';
import type { SessionOptions } from './session.ts';

interface ProfiledNode {
  readonly op: string;
  readonly provider: string;
}

/**
 * Opens `model` with profiling, runs `feeds` once and counts the operators per device. Operators
 * that the runtime folded into constants are not there to count.
 * @throws as `createSession`; runtime-failed if the runtime gave no profile
 */
export async function measurePlacement(
  model: Uint8Array | Blob,
  backend: Backend,
  feeds: Feeds,
  options: SessionOptions = {},
): Promise<Placement> {
  const events = await profiledRuns(
    model,
    backend,
    async (once) => void (await once(feeds)),
    options,
  );
  const nodes = new Map<string, ProfiledNode>();
  for (const { kind, node, op, provider } of events) {
    if (kind === 'node') nodes.set(node, { op, provider });
  }
  return placementOf([...nodes.values()], backend);
}

/** Counts the operators, and in a WebGPU session those that fell to the CPU. */
export function placementOf(nodes: readonly ProfiledNode[], backend: Backend): Placement {
  const operators = nodes.filter(({ op }) => !COPIES.test(op));
  const fell = ({ provider }: ProfiledNode) =>
    backend === 'webgpu' && provider === 'CPUExecutionProvider';
  const onCpu = operators.filter(fell);
  const counts = new Map<string, number>();
  for (const { op } of onCpu) counts.set(op, (counts.get(op) ?? 0) + 1);
  return {
    total: operators.length,
    onCpu: onCpu.length,
    cpuOperators: [...counts]
      .map(([op, count]) => ({ op, count }))
      .sort((a, b) => b.count - a.count || a.op.localeCompare(b.op)),
  };
}
