/** Peak memory of a browser's processes by their kind, as the system counts resident pages. */
import { execFileSync } from 'node:child_process';

const INTERVAL_MS = 200;

/**
 * Watches the processes of `browser` from now on.
 * @param {import('playwright').Browser} browser
 * @returns {Promise<() => Promise<Record<string, number>>>} ends the watch: bytes by kind, such as
 *   `renderer` and `GPU`; empty where the system has no `ps`
 */
export async function watchMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {Record<string, number>} */
  const peaks = {};
  let ended = false;
  const watching = (async () => {
    while (!ended) {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      /** @type {Map<string, number>} */
      const sums = new Map();
      for (const [id, bytes] of residentBytes(processInfo.map((it) => it.id))) {
        const type = processInfo.find((it) => it.id === id)?.type ?? 'other';
        sums.set(type, (sums.get(type) ?? 0) + bytes);
      }
      for (const [type, bytes] of sums) peaks[type] = Math.max(peaks[type] ?? 0, bytes);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  })();
  return async () => {
    ended = true;
    await watching;
    await session.detach();
    return peaks;
  };
}

/**
 * @param {number[]} ids
 * @returns {Map<number, number>}
 */
function residentBytes(ids) {
  try {
    const lines = execFileSync('ps', ['-o', 'pid=,rss=', '-p', ids.join(',')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const rows = lines
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return new Map(rows.map(([id = 0, kilobytes = 0]) => [id, 1024 * kilobytes]));
  } catch {
    return new Map(); // no such program here: memory is not measured
  }
}
