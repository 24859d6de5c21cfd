/** Where the runtime put each operator, read from its own profile of one run. */
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { Placement } from '../report/report.ts';
import { capturedLog, exclusively } from './ort.ts';
import { pause } from './pause.ts';
import { createSession, ortSessions, type SessionOptions } from './session.ts';

interface ProfiledNode {
  /** Of the node as the runtime runs it, after its own fusions. */
  readonly name: string;
  readonly op: string;
  readonly provider: string;
}

/** The runtime's own copies between CPU and GPU: not operators of the model. */
const COPIES = /^Memcpy(To|From)Host$/;

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
  const session = await createSession(model, backend, { ...options, profile: true });
  try {
    await session.run(feeds);
    const lines = await exclusively(() =>
      capturedLog(async () => {
        // Only after a run that succeeded: after a failed one this never resolves.
        await ortSessions.get(session)?.endProfiling();
        await pause();
      }),
    );
    const nodes = profiledNodes(lines);
    if (nodes.length > 0) return placementOf(nodes, backend);
  } finally {
    await session.release();
  }
  throw new StudioError('runtime-failed', 'ONNX Runtime gave no profile to read placement from.');
}

/** The nodes in a profile: a JSON array of Chrome trace events, a line or more at a time. */
function profiledNodes(lines: readonly string[]): ProfiledNode[] {
  const nodes = new Map<string, ProfiledNode>();
  for (const line of lines.flatMap((text) => text.split('\n'))) {
    const event = eventOf(line);
    const { args, cat, name } = event ?? {};
    if (cat !== 'Node' || typeof name !== 'string' || typeof args !== 'object' || !args) continue;
    const { op_name: op, provider } = args as Record<string, unknown>;
    if (typeof op !== 'string' || typeof provider !== 'string' || provider === '') continue;
    nodes.set(name, { name, op, provider });
  }
  return [...nodes.values()];
}

function eventOf(line: string): Record<string, unknown> | null {
  const json = line
    .trim()
    .replace(/^\[/, '')
    .replace(/[,\]]+$/, '');
  if (!json.startsWith('{')) return null;
  try {
    return JSON.parse(json);
  } catch {
    return null; // some other line that the runtime logged meanwhile
  }
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
