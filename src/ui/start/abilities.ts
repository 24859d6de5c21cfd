import type { DeviceSummary } from '../../report/device-summary.ts';
import { formatBytes } from '../../report/format.ts';
import type { Hosting, Isolation, Offline } from '../../state/state.ts';

interface Ability {
  readonly name: string;
  readonly words: string;
  readonly good: boolean;
  /** What it is good for, to somebody who meets the word here. */
  readonly help: string;
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
          help: HELP.webgpu,
        },
        {
          name: '16-bit floats',
          words: webgpu.shaderF16 ? 'yes (shader-f16)' : 'no (shader-f16)',
          good: webgpu.shaderF16,
          help: HELP.f16,
        },
        {
          name: 'Subgroups',
          words: webgpu.subgroups ?? 'not offered',
          good: webgpu.subgroups !== null,
          help: HELP.subgroups,
        },
        {
          name: 'Largest buffer',
          words: `${gigabytes(webgpu.maxBufferBytes)}, ${gigabytes(webgpu.maxBindingBytes)} at once`,
          good: true,
          help: HELP.buffer,
        },
      ]
    : [{ name: 'WebGPU', words: missing, good: false, help: HELP.webgpu }];
  return [
    ...gpu,
    {
      name: 'WASM threads',
      words: crossOriginIsolated
        ? `${wasmThreads}, cross-origin isolated`
        : `1, ${whyOneThread(isolation)}`,
      good: crossOriginIsolated,
      help: HELP.threads,
    },
    {
      name: 'Without network',
      words: offlineWords(offline),
      good: offline.status === 'ready',
      help: HELP.offline,
    },
    {
      name: 'Disk for models',
      words: diskFreeBytes === null ? 'not reported' : `${diskWords(diskFreeBytes)} free`,
      good: diskFreeBytes !== null,
      help: HELP.disk,
    },
  ];
}

const HELP = {
  webgpu:
    'The browser’s way to the graphics processor, which does the compressing and can run models.',
  f16: 'shader-f16 lets the graphics processor compute in 16-bit floats: half the memory, often faster.',
  subgroups:
    'Lanes of the graphics processor that pass values to each other directly; some steps are faster with them.',
  buffer:
    'The most that the graphics processor holds in one piece, and the most of it that one step can read (a binding). Larger weights are done in parts.',
  threads:
    'Threads that WASM, which runs models on the processor, may use. Browsers give more than one only to pages that are isolated from other sites.',
  offline: 'Whether the page opens and works without a connection.',
  disk: 'Room for opened models and finished runs in this browser’s private storage.',
} as const;

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
