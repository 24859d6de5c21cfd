import { breathe } from './breathe.ts';

/** Long enough to be cheap, short enough for a cancel to feel immediate. */
const BETWEEN_BREATHS_MS = 20;

/**
 * What a computation in steps comes to; lets messages in between them.
 * @throws the signal's reason when it aborts
 */
export async function drive<T>(
  steps: Generator<number, T>,
  signal: AbortSignal,
  onShare?: (share: number) => void,
): Promise<T> {
  signal.throwIfAborted();
  let last = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - last < BETWEEN_BREATHS_MS) continue;
    onShare?.(step.value);
    await breathe(signal);
    last = performance.now();
  }
}
