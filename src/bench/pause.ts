/** How long rows may follow each other before waiting messages are let in. */
const SLICE_MS = 8;

/**
 * Lets messages that wait (a cancel, a progress reply) be handled. A message channel, because
 * timers are held back by several milliseconds when they are nested.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** A `pause` that returns at once while the last one is less than 8 ms ago. */
export function pacer(): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - last < SLICE_MS) return;
    await pause();
    last = performance.now();
  };
}
