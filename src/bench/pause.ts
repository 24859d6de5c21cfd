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
