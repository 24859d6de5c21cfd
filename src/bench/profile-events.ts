/** What the runtime's own profile says: which operator ran where, and for how long. */

/** The runtime's own copies between CPU and GPU: not operators of the model. */
export const COPIES = /^Memcpy(To|From)Host$/;

export interface ProfileEvent {
  /** `program`: a shader, timed by the GPU; there are none where it has no timestamps. */
  readonly kind: 'node' | 'program';
  /** Of the node as the runtime runs it, after its own fusions. */
  readonly node: string;
  readonly op: string;
  /** "WebGpuExecutionProvider"; of programs empty. */
  readonly provider: string;
  readonly durationMs: number;
}

/** The events in a profile: a JSON array of Chrome trace events, a line or more at a time. */
export function profileEvents(lines: readonly string[]): readonly ProfileEvent[] {
  return lines
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => {
      const event = eventOf(jsonOf(line));
      return event ? [event] : [];
    });
}

function eventOf(event: Record<string, unknown> | null): ProfileEvent | null {
  const { args, cat, name, dur } = event ?? {};
  if (typeof name !== 'string' || typeof args !== 'object' || !args) return null;
  const durationMs = typeof dur === 'number' && Number.isFinite(dur) ? dur / 1000 : 0;
  if (cat === 'Node') {
    const { op_name: op, provider } = args as Record<string, unknown>;
    if (typeof op !== 'string' || typeof provider !== 'string' || provider === '') return null;
    const node = name.replace(/_kernel_time$/, '');
    return { kind: 'node', node, op, provider, durationMs };
  }
  // "/stem/Conv&Conv&Conv2dMM": node, operator, program.
  const [, node, op] = cat === 'Api' ? (/^(.*)&([^&]*)&[^&]*$/s.exec(name) ?? []) : [];
  if (node === undefined || op === undefined) return null;
  return { kind: 'program', node, op, provider: '', durationMs };
}

function jsonOf(line: string): Record<string, unknown> | null {
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
