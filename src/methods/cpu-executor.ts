import { CpuAwq } from './awq-device.ts';
import { CpuBlocks } from './cpu-blocks.ts';
import { CpuMatrices } from './cpu-matrices.ts';
import { CpuPruning } from './cpu-pruning.ts';
import { quantizeOnCpu } from './cpu-quantize.ts';
import type { Executor } from './executor.ts';
import { CpuFeedback } from './feedback-device.ts';

/** The reference on this thread, which needs no GPU. Lets messages in every few milliseconds. */
export class CpuExecutor implements Executor {
  readonly name = 'CPU (reference implementation)';
  readonly software = false;
  readonly pruning = new CpuPruning();
  readonly feedback = new CpuFeedback();
  readonly blocks = new CpuBlocks();
  readonly awq = new CpuAwq();
  readonly quantize = quantizeOnCpu;
  readonly #matrices = new CpuMatrices();

  async prepare(): Promise<void> {}

  async matrices(): Promise<CpuMatrices> {
    return this.#matrices;
  }

  [Symbol.dispose](): void {}
}
