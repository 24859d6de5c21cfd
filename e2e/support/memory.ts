/** What a page costs: the memory of its process, workers included, as Linux counts it. */
import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Without it there is no count of what processes share. */
export const canMeasureMemory = existsSync('/proc/self/smaps_rollup');

/**
 * Bytes of the largest renderer of `browser`: the page under test, where there is one. Memory that
 * it shares with other processes, such as the program itself, counts in proportion.
 */
export async function rendererBytes(browser: Browser): Promise<number> {
  const control = await browser.newBrowserCDPSession();
  const { processInfo } = await control.send('SystemInfo.getProcessInfo');
  await control.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...renderers.map(({ id }) => proportionalBytes(id)));
}

function proportionalBytes(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(kibibytes?.[1]) * 1024;
}
