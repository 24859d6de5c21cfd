import type { DeviceSummary } from '../../report/device-summary.ts';
import { formatBytes } from '../../report/format.ts';
import type { Hosting, Isolation, Offline } from '../../state/state.ts';

interface Ability {
  readonly name: string;
  readonly words: string;
  readonly good: boolean;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** What this browser can do, a line each; what it lacks is said in words. */
export function abilities(
  summary: DeviceSummary,
  { isolation, offline }: Pick<Hosting, 'isolation' | 'offline'>,
): readonly Ability[] {
  const { webgpu, webgpuMissing, wasmThreads, crossOriginIsolated, diskFreeBytes } = summary;
  const missing = webgpuMissing ?? 'not offered by this browser';
  const gpu: readonly Ability[] = webgpu
    ? [
        {
          name: 'WebGPU',
          words: webgpu.software ? `${webgpu.name}, software adapter` : webgpu.name,
          good: !webgpu.software,
        },
        {
          name: '16-bit floats',
          words: webgpu.shaderF16 ? 'shader-f16: fp16 models run' : 'no shader-f16',
          good: webgpu.shaderF16,
        },
        {
          name: 'Subgroups',
          words: webgpu.subgroups ?? 'not offered',
          good: webgpu.subgroups !== null,
        },
        {
          name: 'Largest buffer',
          words: `${gigabytes(webgpu.maxBufferBytes)}, binding ${gigabytes(webgpu.maxBindingBytes)}`,
          good: true,
        },
      ]
    : [{ name: 'WebGPU', words: missing, good: false }];
  return [
    ...gpu,
    {
      name: 'WASM threads',
      words: crossOriginIsolated
        ? `${wasmThreads}, cross-origin isolated`
        : `1, ${whyOneThread(isolation)}`,
      good: crossOriginIsolated,
    },
    { name: 'Without network', words: offlineWords(offline), good: offline.status === 'ready' },
    {
      name: 'Disk for models',
      words: diskFreeBytes === null ? 'not reported' : `${diskWords(diskFreeBytes)} free`,
      good: diskFreeBytes !== null,
    },
  ];
}

function whyOneThread(isolation: Isolation): string {
  if (isolation.status === 'off') return isolation.reason;
  if (isolation.status === 'after-reload') return 'more after a reload';
  return 'not cross-origin isolated';
}

function offlineWords(offline: Offline): string {
  switch (offline.status) {
    case 'ready':
      return 'works: the page and its samples are kept';
    case 'keeping':
      return 'not yet: the page is being kept';
    case 'saving-data':
      return 'what was used; the browser saves data';
    case 'unknown':
      return 'no';
    case 'off':
      return `no, ${offline.reason}`;
  }
}

const diskWords = (bytes: number) => (bytes >= 1e9 ? gigabytes(bytes) : formatBytes(bytes));
