/** Where the time of a run goes, operator by operator, as the runtime's own profile has it. */
import type { Backend } from '../core/backend.ts';

export interface OperatorTime {
  /** As the runtime runs it, after its own fusions: "FusedConv". */
  readonly op: string;
  /** Nodes of the kind. */
  readonly count: number;
  /** Of all of them in one run, the median over runs; null where the GPU told no times. */
  readonly durationMs: number | null;
  /** On the CPU in a WebGPU session. */
  readonly onCpu: boolean;
}

export interface OperatorTimes {
  readonly backend: Backend;
  readonly device: string;
  readonly software: boolean;
  /** Runs that were timed, after warm-ups. */
  readonly runs: number;
  /** "1 × 64 tokens". */
  readonly input: string;
  /** The slowest first. */
  readonly operators: readonly OperatorTime[];
}
