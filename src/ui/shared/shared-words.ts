/** Whose numbers these are: when, where and with what they say that they were measured. */
import { backendLabel } from '../../report/format.ts';
import type { RunReport } from '../../report/report.ts';

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** "18 Nov 2026: Chrome 156, apple metal-3, WASM, 8 threads". */
export function measuredWhere({ startedAt, versions, measurements }: RunReport): string {
  const day = new Date(startedAt).toLocaleDateString('en-GB', DAY);
  const { browser } = versions;
  const gpuFirst = measurements.toSorted((a, b) => b.backend.localeCompare(a.backend));
  const devices = gpuFirst.map(({ backend, device, software }) => {
    const named = device.startsWith(backendLabel(backend))
      ? device.replace(', ', ' with ')
      : device;
    return software ? `${named} (software adapter)` : named;
  });
  // Browsers report no more than the first number.
  const named = browser?.replace(/^(\w+)\/(\d+)[\d.]*$/, '$1 $2');
  const where = [...(named ? [named] : []), ...new Set(devices)];
  return where.length > 0 ? `${day}: ${where.join(', ')}` : day;
}

/** A hash in groups that eyes can follow: "4be1 07a9 …". */
export const hashGroups = (sha256: string): string => sha256.match(/.{1,4}/g)?.join(' ') ?? sha256;
